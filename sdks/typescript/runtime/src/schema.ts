/** Coercion tables: what generated code says about the shape of a value, as data. */

/**
 * How one value travels. The words: `plain` is as JSON has it; `decimal` an exact decimal in a
 * JSON string; `decimal_number` one in a JSON number; `int64` an exact integer in a JSON number;
 * `int64_string` one in a JSON string; `integer_string` a small integer in a JSON string;
 * `number` a double. Null passes through all of them. With `_or_empty` the value stands in a JSON
 * string, and null is an empty one.
 */
export type Schema =
  | "plain"
  | "decimal"
  | "decimal_number"
  | "int64"
  | "int64_string"
  | "integer_string"
  | "number"
  | "decimal_or_empty"
  | "int64_or_empty"
  | "integer_or_empty"
  | "text_or_empty"
  | ArrayShape
  | TupleShape
  | ObjectShape
  | UnionShape
  | ChoiceShape
  | (() => Schema);

/** A list of equal items. */
export interface ArrayShape {
  readonly kind: "array";
  readonly items: Schema;
}

/** A list whose items have their own shapes by position. */
export interface TupleShape {
  readonly kind: "tuple";
  readonly items: readonly Schema[];
  readonly rest?: Schema;
}

/**
 * A field: its property, its wire name, and how its value travels (`plain` when left out). A
 * field that stands under its wire name and travels plainly needs no entry.
 */
export type FieldShape = readonly [property: string, wire: string, schema?: Schema];

/** An object; `additional` is for every member that no field names. */
export interface ObjectShape {
  readonly kind: "object";
  readonly fields: readonly FieldShape[];
  readonly additional?: Schema;
  /** `patternProperties`: the first pattern that matches a member's wire name rules it. */
  readonly patterns?: readonly (readonly [RegExp, Schema])[];
}

/** Several objects, told apart by the value of one field. */
export interface UnionShape {
  readonly kind: "union";
  /** The wire name of the telling field, and the property that it stands under. */
  readonly tag: string;
  readonly property: string;
  readonly variants: readonly (readonly [tag: string, schema: Schema])[];
}

/** Several shapes without a telling field: the first option that fits is taken. */
export interface ChoiceShape {
  readonly kind: "choice";
  readonly options: readonly ChoiceOption[];
}

/** One shape of a choice, and the values that it is for. */
export interface ChoiceOption extends Fit {
  readonly schema: Schema;
}

/**
 * What a value must be for a shape to fit; `requires`, `knows` and `constants` are wire names. A
 * `decimal` is text that is one, an `integer` text of digits.
 */
export interface Fit {
  readonly is: "string" | "decimal" | "integer" | "number" | "boolean" | "object" | "array" | "any";
  readonly requires?: readonly string[];
  /** At least one of these is there: what tells this shape from others that require the same. */
  readonly knows?: readonly string[];
  readonly constants?: Readonly<Record<string, unknown>>;
  /** What members that are objects must be themselves. */
  readonly members?: Readonly<Record<string, Fit>>;
  /** What the first item of an array must be; an empty array may be anybody's. */
  readonly first?: Fit;
}

/** A variant of a union that the contract does not know (yet); `raw` is what came, unchanged. */
export interface UnknownVariant {
  readonly unknownTag: string | undefined;
  readonly raw: unknown;
}

/** An unknown variant in a union that is told apart by `Property`, so that narrowing works. */
export type Unknown<Property extends string> = UnknownVariant & {
  readonly [Name in Property]?: undefined;
};

/** Follows references to the shape itself. */
export const resolve = (schema: Schema): Exclude<Schema, () => Schema> => {
  let shape = schema;
  while (typeof shape === "function") shape = shape();
  return shape;
};
