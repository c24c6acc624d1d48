import "@widget-token-apps/page/page.css";
import type { ReactNode } from "react";

export const metadata = { title: "Next.js and Clerk · widget-token", icons: "data:," };

// An app with Clerk's own sign-in wraps this in <ClerkProvider>, whose script also renews the session token every minute.
export default function Layout({ children }: { children: ReactNode }): ReactNode {
	return (
		<html lang="en">
			<body>{children}</body>
		</html>
	);
}
