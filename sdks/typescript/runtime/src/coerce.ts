/** Schema-directed coercion: wire values to SDK values and back, compiled once per shape. */

import { Decimal } from "./decimal.ts";
import { JsonNumber } from "./json.ts";
import { own, put } from "./members.ts";
import { CoercionError, type Direction, mismatch, SCALARS, type Turn } from "./scalars.ts";
import {
  type ArrayShape,
  type ChoiceOption,
  type ChoiceShape,
  type Fit,
  type ObjectShape,
  resolve,
  type Schema,
  type TupleShape,
  type UnionShape,
  type UnknownVariant,
} from "./schema.ts";

/** Both directions of one shape; `isExact` says that its JSON holds numbers beyond a double. */
export interface Codec {
  readonly isExact: boolean;
  readonly decode: Turn | undefined;
  readonly encode: Turn | undefined;
}

type Shape = Exclude<Schema, () => Schema>;

const codecs = new Map<Shape, Codec>();

/** The codec of a schema, made when it is first needed. */
export const codec = (schema: Schema): Codec => {
  const shape = resolve(schema);
  let found = codecs.get(shape);
  if (found === undefined) {
    const kinds = reachable(shape);
    found = {
      isExact: kinds.has("int64") || kinds.has("decimal_number"),
      decode: compile(shape, "decode", new Map()),
      encode: compile(shape, "encode", new Map()),
    };
    codecs.set(shape, found);
  }
  return found;
};

const reachable = (start: Shape): Set<Shape> => {
  const seen = new Set<Shape>([start]);
  for (const shape of seen) for (const inner of inside(shape)) seen.add(resolve(inner));
  return seen;
};

const inside = (shape: Shape): readonly Schema[] => {
  if (typeof shape === "string") return [];
  switch (shape.kind) {
    case "array":
      return [shape.items];
    case "tuple":
      return shape.rest === undefined ? shape.items : [...shape.items, shape.rest];
    case "object":
      return [
        ...shape.fields.map((field) => field[2] ?? "plain"),
        ...(shape.additional === undefined ? [] : [shape.additional]),
        ...(shape.patterns ?? []).map((pattern) => pattern[1]),
      ];
    case "union":
      return shape.variants.map((variant) => variant[1]);
    case "choice":
      return shape.options.map((option) => option.schema);
  }
};

/** `made` holds what is being compiled, so that a shape may hold itself. */
const compile = (
  schema: Schema,
  direction: Direction,
  made: Map<Shape, Turn>,
): Turn | undefined => {
  const shape = resolve(schema);
  if (typeof shape === "string") return SCALARS[direction][shape];
  const known = made.get(shape);
  if (known !== undefined) return known;
  let turn: Turn | undefined;
  made.set(shape, (value) => (turn === undefined ? value : turn(value)));
  turn = compileComposite(shape, direction, made);
  return turn;
};

const compileComposite = (
  shape: Exclude<Shape, string>,
  direction: Direction,
  made: Map<Shape, Turn>,
): Turn | undefined => {
  switch (shape.kind) {
    case "array":
      return arrayTurn(shape, direction, made);
    case "tuple":
      return tupleTurn(shape, direction, made);
    case "object":
      return objectTurn(shape, direction, made);
    case "union":
      return unionTurn(shape, direction, made);
    case "choice":
      return choiceTurn(shape, direction, made);
  }
};

const arrayTurn = (
  shape: ArrayShape,
  direction: Direction,
  made: Map<Shape, Turn>,
): Turn | undefined => {
  const turn = compile(shape.items, direction, made);
  if (turn === undefined) return undefined;
  return (value) => {
    if (value === null) return value;
    if (!Array.isArray(value)) throw mismatch("an array", value);
    return turnItems(value, () => turn);
  };
};

const tupleTurn = (
  shape: TupleShape,
  direction: Direction,
  made: Map<Shape, Turn>,
): Turn | undefined => {
  const turns = shape.items.map((item) => compile(item, direction, made));
  const rest = shape.rest === undefined ? undefined : compile(shape.rest, direction, made);
  if (rest === undefined && turns.every((turn) => turn === undefined)) return undefined;
  return (value) => {
    if (value === null) return value;
    if (!Array.isArray(value)) throw mismatch("an array", value);
    return turnItems(value, (at) => (at < turns.length ? turns[at] : rest));
  };
};

const turnItems = (items: readonly unknown[], at: (index: number) => Turn | undefined) => {
  const out = new Array<unknown>(items.length);
  let index = 0;
  try {
    for (; index < items.length; index += 1) {
      const turn = at(index);
      out[index] = turn === undefined ? items[index] : turn(items[index]);
    }
  } catch (error) {
    throw error instanceof CoercionError ? error.within(`[${index}]`) : error;
  }
  return out;
};

/**
 * An unknown member whose wire name is a property's stands behind this prefix; so does one whose
 * own name could be read as such. Every other name stays as it is, in both directions.
 */
const EXTRA = "wire$";

interface Row {
  readonly name: string;
  readonly turn: Turn | undefined;
}

const objectTurn = (
  shape: ObjectShape,
  direction: Direction,
  made: Map<Shape, Turn>,
): Turn | undefined => {
  const rows = new Map<string, Row>();
  for (const [property, wire, schema] of shape.fields) {
    const turn = schema === undefined ? undefined : compile(schema, direction, made);
    const [from, name] = direction === "decode" ? [wire, property] : [property, wire];
    rows.set(from, { name, turn });
  }
  const other = memberTurn(shape, direction, made);
  if (rows.size === 0 && other === undefined) return undefined;
  const extraName = nameOfExtra(shape, direction);
  return (value) => {
    if (value === null) return value;
    if (typeof value !== "object" || Array.isArray(value)) throw mismatch("an object", value);
    return turnMembers(value as Record<string, unknown>, rows, other, extraName);
  };
};

const turnMembers = (
  members: Record<string, unknown>,
  rows: ReadonlyMap<string, Row>,
  other: ((name: string) => Turn | undefined) | undefined,
  extraName: (name: string) => string,
): Record<string, unknown> => {
  const out: Record<string, unknown> = {};
  let key = "";
  try {
    for (key of Object.keys(members)) {
      const value = members[key];
      if (value === undefined) continue;
      const row = rows.get(key);
      const turn = row === undefined ? other?.(key) : row.turn;
      put(out, row === undefined ? extraName(key) : row.name, turn ? turn(value) : value);
    }
  } catch (error) {
    throw error instanceof CoercionError ? error.within(key) : error;
  }
  return out;
};

const nameOfExtra = (shape: ObjectShape, direction: Direction) => {
  const properties = new Set(shape.fields.map((field) => field[0]));
  const isLikeProperty = (name: string): boolean => {
    let at = 0;
    while (name.startsWith(EXTRA, at)) at += EXTRA.length;
    return properties.has(name.slice(at));
  };
  if (direction === "decode") return (wire: string) => (isLikeProperty(wire) ? EXTRA + wire : wire);
  return (name: string) =>
    name.startsWith(EXTRA) && isLikeProperty(name) ? name.slice(EXTRA.length) : name;
};

const memberTurn = (
  shape: ObjectShape,
  direction: Direction,
  made: Map<Shape, Turn>,
): ((name: string) => Turn | undefined) | undefined => {
  const rest =
    shape.additional === undefined ? undefined : compile(shape.additional, direction, made);
  const patterns = (shape.patterns ?? []).map(
    ([pattern, schema]) => [pattern, compile(schema, direction, made)] as const,
  );
  if (patterns.length === 0) return rest === undefined ? undefined : () => rest;
  return (name) => {
    for (const [pattern, turn] of patterns) if (pattern.test(name)) return turn;
    return rest;
  };
};

const unionTurn = (shape: UnionShape, direction: Direction, made: Map<Shape, Turn>): Turn => {
  const turns = new Map<string, Turn | undefined>();
  for (const [tag, schema] of shape.variants) {
    turns.set(tag, compile(schema, direction, made));
  }
  return (value) => {
    if (value === null) return value;
    if (typeof value !== "object") throw mismatch("an object", value);
    const tag = tagOf(value as Record<string, unknown>, shape, direction);
    if (direction === "encode" && tag === undefined && isUnknownVariant(value)) return value.raw;
    const text = tag === undefined || tag === null ? undefined : String(tag);
    if (text !== undefined && turns.has(text)) {
      const turn = turns.get(text);
      return turn === undefined ? value : turn(value);
    }
    if (direction === "decode") return { unknownTag: text, raw: value } satisfies UnknownVariant;
    throw mismatch(`${shape.property} to be one of ${[...turns.keys()].join(", ")}`, tag);
  };
};

const tagOf = (members: Record<string, unknown>, shape: UnionShape, direction: Direction) =>
  direction === "decode"
    ? own(members, shape.tag)
    : (own(members, shape.property) ?? own(members, shape.tag));

/** True for a variant of a union that the contract does not know. */
export const isUnknownVariant = (value: object): value is UnknownVariant =>
  Object.hasOwn(value, "unknownTag") && Object.hasOwn(value, "raw");

const choiceTurn = (
  shape: ChoiceShape,
  direction: Direction,
  made: Map<Shape, Turn>,
): Turn | undefined => {
  const options = shape.options.map((option) => ({
    fits: fitsOption(option, direction),
    turn: compile(option.schema, direction, made),
  }));
  if (options.every((option) => option.turn === undefined)) return undefined;
  return (value) => {
    if (value === null) return value;
    const option = options.find((candidate) => candidate.fits(value));
    // A shape that the contract does not know (yet) is kept as it came.
    return option?.turn === undefined ? value : option.turn(value);
  };
};

const fitsOption = (option: ChoiceOption, direction: Direction): ((value: unknown) => boolean) => {
  const properties = new Map<string, string>();
  if (direction === "encode") {
    const shape = resolve(option.schema);
    if (typeof shape !== "string" && shape.kind === "object") {
      for (const [name, wire] of shape.fields) properties.set(wire, name);
    }
  }
  return fitTest(option, (wire) => properties.get(wire) ?? wire);
};

/** Compiles a test; `named` turns a wire name into the name that values have. */
export const fitTest = (
  option: Fit,
  named: (wire: string) => string = (wire) => wire,
): ((value: unknown) => boolean) => {
  const requires = (option.requires ?? []).map(named);
  const knows = (option.knows ?? []).map(named);
  const constants = Object.entries(option.constants ?? {}).map(
    ([wire, value]) => [named(wire), value] as const,
  );
  const inner = Object.entries(option.members ?? {}).map(
    ([wire, fit]) => [named(wire), fitTest(fit)] as const,
  );
  const first = option.first === undefined ? undefined : fitTest(option.first);
  return (value) => {
    if (option.is !== "any" && !kindsOf(value).includes(option.is)) return false;
    if (Array.isArray(value)) return first === undefined || value.length === 0 || first(value[0]);
    const members = value as Record<string, unknown>;
    return (
      (knows.length === 0 || knows.some((name) => own(members, name) !== undefined)) &&
      requires.every((name) => own(members, name) !== undefined) &&
      constants.every(([name, constant]) => own(members, name) === constant) &&
      inner.every(([name, test]) => test(own(members, name)))
    );
  };
};

const kindsOf = (value: unknown): readonly string[] => {
  if (Array.isArray(value)) return ["array"];
  if (value instanceof Decimal) return ["decimal", "string", "number"];
  if (value instanceof JsonNumber) return ["number"];
  if (typeof value === "bigint") return ["number", "integer", "decimal"];
  if (typeof value !== "string") return [typeof value];
  if (!Decimal.isDecimalText(value)) return ["string"];
  return /^-?\d+$/.test(value) ? ["string", "decimal", "integer"] : ["string", "decimal"];
};
