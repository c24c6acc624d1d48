/** A copy that inherits nothing: a claim or a setting may be called `constructor`, which every object has without anybody having set it. */
export function withoutPrototype<T>(members: Readonly<Record<string, T>>): Readonly<Record<string, T>> {
	return Object.assign(Object.create(null), members);
}

/** Whether an object has a member of that name which nobody has set. */
export function isInherited(name: string): boolean {
	return name in Object.prototype;
}
