/** Fails unless the file has a place of that name: to be asked before minutes of measuring. */
export function checkPlace(file: string, name: string): Promise<void>;

/** Prints a text and, when `write`, puts it in its place in the file, a path from the repository's root. */
export function publish(file: string, name: string, text: string, write: boolean): Promise<void>;
