import "@widget-token-apps/page/page.css";
import type { ReactNode } from "react";

export const metadata = { title: "Next.js and Auth0 · widget-token", icons: "data:," };

export default function Layout({ children }: { children: ReactNode }): ReactNode {
	return (
		<html lang="en">
			<body>{children}</body>
		</html>
	);
}
