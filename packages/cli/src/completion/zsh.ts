import type { CompletionCommand, CompletionOption, CompletionValue } from "./spec.ts";

/** A completion script for zsh, as a file of `fpath` or to be evaluated after `compinit`. */
export function writeZshCompletion(commands: readonly CompletionCommand[]): string {
	const described = [...commands.map(({ name, summary }) => `${name}:${summary}`), "help:show the help of a command"];
	return `#compdef widget-token
_widget_token() {
	local state
	local -a names
	names=(
${described.map((each) => `		${quote(each)}`).join("\n")}
	)
	_arguments -C '(- *)'{-h,--help}'[show this help]' '(- *)'{-v,--version}'[show the version]' '1: :->command' '*:: :->arguments'
	case $state in
		command) _describe -t commands command names ;;
		arguments)
			case $words[1] in
				help) _describe -t commands command names ;;
${commands.map(writeCommand).join("\n")}
			esac ;;
	esac
}
if [[ $funcstack[1] == _widget_token ]]; then
	_widget_token "$@"
else
	compdef _widget_token widget-token
fi`;
}

function writeCommand({ name, options, argument }: CompletionCommand): string {
	const specs = [...options.map(writeOption), ...(argument === undefined ? [] : [quote(`*:argument:${actionOf(argument)}`)])];
	return `				${name}) _arguments \\\n${specs.map((spec) => `					${spec}`).join(" \\\n")} ;;`;
}

function writeOption({ long, description, value }: CompletionOption): string {
	const text = `[${description.replace(/[[\]:]/g, "\\$&")}]`;
	return quote(value === undefined ? `${long}${text}` : `*${long}=${text}:value:${actionOf(value)}`);
}

function actionOf(value: CompletionValue): string {
	if (value.kind === "words") return `(${value.words.join(" ")})`;
	return value.kind === "file" ? "_files" : " ";
}

function quote(text: string): string {
	return `'${text.replaceAll("'", "'\\''")}'`;
}
