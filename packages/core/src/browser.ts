throw new Error(
	"@widget-token/core runs on the server, where the widget's secret is. In the browser use @widget-token/client. (browser_environment)",
);
