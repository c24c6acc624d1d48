import type { ReactNode } from "react";

export const metadata = { title: "Widget tokens with Auth0" };

export default function Layout({ children }: { children: ReactNode }): ReactNode {
	return (
		<html lang="en">
			<body>{children}</body>
		</html>
	);
}
