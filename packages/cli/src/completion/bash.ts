import type { CompletionCommand, CompletionValue } from "./spec.ts";

/** A completion script for bash, from version 3.2. Where it has no words it leaves the completion of file names to bash. */
export function writeBashCompletion(commands: readonly CompletionCommand[]): string {
	const names = [...commands.map(({ name }) => name), "help"].join(" ");
	return `# bash completion for widget-token
_widget_token() {
	local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD-1]} command= index words=
	for ((index = 1; index < COMP_CWORD; index++)); do
		case \${COMP_WORDS[index]} in
			-*) ;;
			*) command=\${COMP_WORDS[index]}; break ;;
		esac
	done
	COMPREPLY=()
	case $command in
		"") words="${names} --help --version" ;;
		help) words="${names}" ;;
${commands.map(writeCommand).join("\n")}
	esac
	[[ -n $words ]] && COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _widget_token widget-token`;
}

function writeCommand({ name, options, argument }: CompletionCommand): string {
	const taking = options.filter(({ value }) => value !== undefined);
	const guessable = taking
		.filter(({ value }) => value?.kind === "words")
		.map(({ long, value }) => `				${long}) words="${wordsOf(value)}" ;;`);
	const others = taking.filter(({ value }) => value?.kind !== "words").map(({ long }) => long);
	const values = [...guessable, ...(others.length === 0 ? [] : [`				${others.join(" | ")}) ;;`])];
	const flags = options.map(({ long }) => long).join(" ");
	return `		${name})
			case $previous in
${values.length === 0 ? "" : `${values.join("\n")}\n`}				*) if [[ $current == -* ]]; then words="${flags}"; else words="${wordsOf(argument)}"; fi ;;
			esac ;;`;
}

function wordsOf(value: CompletionValue | undefined): string {
	return value?.kind === "words" ? value.words.join(" ") : "";
}
