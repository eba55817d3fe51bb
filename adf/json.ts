/** What JSON can hold: the only kind of value that crosses between rooms and through Temporal. */
export type JsonScalar = string | number | boolean | null
export type JsonValue = JsonScalar | JsonValue[] | JsonObject
export type JsonObject = { [key: string]: JsonValue }
