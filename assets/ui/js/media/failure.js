/**
 * Why a file did not get into the library. `message` is a sentence for the person.
 *
 * `kind`: "type", "size" or "width" (this file never will), "refused" (the server said no), "signed-out", "network"
 * (trying again may help), "cancelled".
 */
export class UploadError extends Error {
  constructor(kind, message) {
    super(message);
    this.name = 'UploadError';
    this.kind = kind;
  }

  /** Whether the same file could get through on another try. */
  get again() {
    return !['type', 'size', 'width'].includes(this.kind);
  }
}

export function cancelled() {
  return new UploadError('cancelled', 'The upload was cancelled.');
}
