/** What went wrong; docs/clients/behaviour.md says when each is used. */
export type ErrorKind =
  | "unauthorized"
  | "forbidden"
  | "not_found"
  | "bad_request"
  | "rate_limited"
  | "server_error"
  | "network"
  | "bad_answer"
  | "timeout"
  | "cancelled";

export interface ErrorDetails {
  status?: number;
  statusText?: string;
  headers?: Headers;
  /** The error's JSON, as the server sent it. */
  data?: any;
}

/** Every error of a call. `cause` holds what the official SDK puts there: `data`, `status`, `headers`. */
export class LarderError extends Error {
  override name = "LarderError";
  readonly status: number | undefined;
  readonly detail: string | undefined;
  readonly data: any;
  /** How many requests were made for this call. */
  tries = 0;
  override readonly cause: ErrorDetails;

  constructor(readonly kind: ErrorKind, message: string, cause: ErrorDetails = {}) {
    super(message);
    this.cause = cause;
    this.status = cause.status;
    this.data = cause.data;
    this.detail = typeof cause.data?.detail === "string" ? cause.data.detail : undefined;
  }
}

const KINDS: Record<number, ErrorKind> = {
  401: "unauthorized",
  403: "forbidden",
  404: "not_found",
  408: "server_error",
  410: "not_found",
  429: "rate_limited",
};

/** The error of an answer that is not a success. `data` is undefined when the body was not a JSON object. */
export function errorOf(response: Response, data: any): LarderError {
  const { status, statusText, headers } = response;
  const cause = { status, statusText, headers, data };
  const ill = isIll(status);
  if (!data && !ill) return new LarderError("bad_answer", `The answer is not a JSON object (${status})`, cause);
  const kind = KINDS[status] ?? (ill ? "server_error" : "bad_request");
  const names = Object.keys(data ?? {});
  const message =
    names.length > 1
      ? `Errors caught in [${names.join(", ")}]: see cause for details`
      : names.length
        ? `[${names[0]}]: ${data[names[0]!]}`
        : "The server failed";
  return new LarderError(kind, `${message} (${status})`, cause);
}

/** Whether a status says that the server, not the question, is at fault. */
export const isIll = (status: number) => status >= 500 || status === 408 || status === 429;
