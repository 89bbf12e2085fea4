/** The contract's schemas, as types: all of them vanish when compiled. */

import type { FileInput } from "@venuekit/runtime";

export interface Document {
  readonly scan: string;
  readonly pages?: readonly string[] | undefined;
  readonly title?: string | undefined;
}

export interface DocumentInput {
  readonly scan: FileInput;
  readonly pages?: readonly FileInput[] | undefined;
  readonly title?: string | undefined;
}

export interface AddFilterRequest {
  readonly filter?: AddFilterRequestFilter | undefined;
}

export interface AddFilterRequestFilter {
  readonly side?: string | undefined;
}

/** What `addDocument` takes. */
export type AddDocumentInput = DocumentInput;

/** What `addFilter` takes. */
export type AddFilterInput = Partial<AddFilterRequest>;
