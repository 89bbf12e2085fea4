/** Meridian: all that users of this package need. */

export {
  ApiError,
  ConfigurationError,
  ConnectError,
  Decimal,
  type DecimalInput,
  DecodeError,
  type FileInput,
  JsonNumber,
  NotConnectedError,
  ProtocolError,
  SigningError,
  StreamClosedError,
  StreamError,
  TimeoutError,
  TransportError,
  type Unknown,
  UnknownOutcomeError,
  type UnknownVariant,
  VenueError,
} from "@venuekit/runtime";
export * from "./client.ts";
export * from "./errors.ts";
export * from "./functions.ts";
export * from "./signing.ts";
export * from "./stream.ts";
export * as fix from "./fix.ts";
export * as operations from "./operations.ts";
export type * from "./types.ts";
