/** A file that is written when it is missing. One that is there is changed only where it is exactly as `init` wrote it. */
export interface PlannedFile {
	/** Relative to the project, with `/` between the parts. */
	readonly path: string;
	/** What it is, as a short phrase. */
	readonly purpose: string;
	readonly content: string;
	/** What `init` wrote for the widgets that it has set up before: a file that still reads so gets the new content. */
	readonly earlier?: string | undefined;
	/** What a file in its place has to contain to do the same. */
	readonly marks: readonly string[];
	/** Further places, without extensions, in which a file would do the same or stand in its way. */
	readonly rivals?: readonly string[];
}

/** What is left for the integrator to do in a file that is there already. */
export interface Step {
	/** The file, relative to the project; undefined where it is not known. */
	readonly file: string | undefined;
	/** A sentence. */
	readonly title: string;
	readonly code: string | undefined;
	/** Whether the project shows that it has been done. */
	readonly done: boolean;
}

/**
 * What a file's place holds.
 *
 * - `missing`: nothing; the file is written.
 * - `same`: exactly what would be written.
 * - `earlier`: exactly what `init` wrote before this widget was among the app's; the widget is added.
 * - `own`: something else that does the same, such as the file after it has been worked on.
 * - `conflict`: something else, which is kept; what it needs is shown.
 */
export type FileState = "missing" | "same" | "earlier" | "own" | "conflict";

export interface FilePlan extends PlannedFile {
	readonly state: FileState;
	/** What is there, where its name differs from `path`. */
	readonly present: string | undefined;
	/** The text that is there. */
	readonly before: string | undefined;
}

/** Whether applying the plan writes the file. */
export function isWritten({ state }: FilePlan): boolean {
	return state === "missing" || state === "earlier";
}
