// Each vendor's script, as far as its page documents it: the same globals, attributes and calls. What a script is given
// goes to `seen`; whom it takes the visitor for, after its server has verified the token, to `visitor`.
const common = (widget: string): string => `
	window.seen ??= [];
	window.visitor ??= {};
	const tag = document.currentScript;
	const see = (how, value) => window.seen.push({ widget: "${widget}", how, value });
	const anonymous = () => { window.visitor["${widget}"] = "anonymous"; };
	const verify = async (token) => {
		if (!token) return anonymous();
		const response = await fetch("/vendor/verify?widget=${widget}", { method: "POST", body: token });
		const { verified, reason, claims } = await response.json();
		window.visitor["${widget}"] = verified ? (claims.name ?? claims.email.split("@")[0]) : reason;
	};`;

export const standIns: Readonly<Record<string, string>> = {
	"onpilot.js": `(() => {${common("onpilot")}
		const token = tag.getAttribute("data-identity-token");
		see("data-identity-token", token);
		verify(token);
	})();`,

	"bestchatbot.js": `(() => {${common("bestchatbot")}
		const token = tag.getAttribute("data-user-token");
		see("data-api-key", tag.getAttribute("data-api-key"));
		if (token) see("data-user-token", token);
		verify(token);
		// A script of some size is not ready in the moment in which it is loaded.
		setTimeout(() => {
			window.BestChatBot = {
				setUserToken(token) { see("setUserToken", token); verify(token); },
				clearUserToken() { see("clearUserToken"); anonymous(); },
			};
		}, 120);
	})();`,

	"hilal.js": `(() => {${common("hilal")}
		const start = ({ organizationId, botId, userToken }) => {
			see("start", { organizationId, botId, userToken });
			verify(userToken);
		};
		window.HilalChat = { init(config) { see("init", config); start(config); } };
		if (tag.dataset.orgId) start({ organizationId: tag.dataset.orgId, botId: tag.dataset.botId, userToken: tag.dataset.userToken });
	})();`,

	"jupid.js": `(() => {${common("jupid")}
		window.JupidEmbed = {
			mount(options) {
				see("mount", { ...options, container: options.container.id });
				options.container.append(Object.assign(document.createElement("section"), { textContent: "Jupid" }));
				verify(options.token);
			},
		};
	})();`,

	"customgpt-embed.js": `(() => {${common("customgpt")}
		see("script", { div: tag.getAttribute("div_id"), project: tag.getAttribute("p_id"), key: tag.getAttribute("p_key") });
		anonymous();
		window.CustomGPTEmbed = { setJwtToken(jwt) { see("CustomGPTEmbed.setJwtToken", jwt); verify(jwt); } };
	})();`,

	"customgpt-chat.js": `(() => {${common("customgpt")}
		let resolver;
		window.CustomGPT = {
			init(options) { see("CustomGPT.init", { ...options, jwt: typeof options.jwt }); resolver = options.jwt; },
			setJwtToken(next) { see("CustomGPT.setJwtToken", typeof next); resolver = next; },
		};
		window.CustomGPTChat = { setJwtToken(next) { see("CustomGPTChat.setJwtToken", typeof next); resolver = next; } };
		// The visitor opens the chat: now there is an iframe that wants a token.
		window.openChat = async () => {
			try { const jwt = await resolver(); see("resolved", jwt); await verify(jwt); } catch { anonymous(); }
		};
	})();`,

	"customgpt-others.js": `(() => {${common("customgpt")}
		for (const name of ["CustomGPTAiAssistant", "CustomGPTInstantViewer"]) {
			window[name] = { setJwtToken(jwt) { see(name + ".setJwtToken", jwt); verify(jwt); } };
		}
	})();`,
};
