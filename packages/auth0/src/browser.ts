throw new Error(
	"@widget-token/auth0 runs on the server, where the session is. In the browser use @widget-token/client. (browser_environment)",
);
