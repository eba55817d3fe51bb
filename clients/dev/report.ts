/** Told what happens, one line at a time, while something takes long. */
export type Report = (line: string) => void
