/** Members of JSON objects by their own names, whatever every JavaScript object inherits. */

type Members = Record<string, unknown>;

/** A member that the object itself has: each also inherits `constructor`, `toString`, others. */
export const own = (members: Readonly<Members>, name: string): unknown =>
  Object.hasOwn(members, name) ? members[name] : undefined;

/** Sets a member; a plain assignment to "__proto__" would set the prototype in place of one. */
export const put = (members: Members, name: string, value: unknown): void => {
  if (name !== "__proto__") {
    members[name] = value;
    return;
  }
  const place = { value, writable: true, enumerable: true, configurable: true };
  Object.defineProperty(members, name, place);
};
