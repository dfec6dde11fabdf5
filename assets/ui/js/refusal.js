const TITLES = {
  400: 'This could not be understood',
  403: 'You may not do this',
  404: 'This is not there any more',
  409: 'This was not done',
  413: 'This is too large',
  422: 'Something needs attention',
  429: 'Too many requests',
  503: 'The server is busy',
};

/** The toast for an answer that is no success: its status, its body (`{"message": "…"}` where it is JSON), its request id. */
export function refusal(status, body, request) {
  const details = [message(body) ?? 'Nothing was changed. Try again in a moment.'];
  if (status >= 500 && request) details.push(`A developer can find it under request ${request}.`);
  return { kind: 'error', title: TITLES[status] ?? `That did not work (${status})`, detail: details.join(' '), seconds: 20 };
}

/** The toast for a request that got no answer. */
export function unreachable() {
  return {
    kind: 'error',
    title: 'The server could not be reached',
    detail: 'Nothing was changed. Check the connection and try again.',
    seconds: 20,
  };
}

function message(body) {
  try {
    const { message } = JSON.parse(body);
    return typeof message === 'string' ? message : undefined;
  } catch {
    return undefined;
  }
}
