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
