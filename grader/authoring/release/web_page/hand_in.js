// Hands a zip in to the course's server, and tells how its checks end there.

async function called(server, path, token, body) {
  const answer = await fetch(`${server}/api/v1/${path}`, {
    method: body ? "POST" : "GET",
    body,
    headers: {
      Authorization: `Bearer ${token}`,
      Accept: "application/json",
      ...(body ? { "Content-Type": "application/zip" } : {}),
    },
  });
  const said = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Error(said.detail || `The server answered with the status ${answer.status}.`);
  return said;
}

// tell: takes each sentence. Resolves when the work is graded, or the server keeps it for later.
export async function handIn(server, homework, token, zip, tell) {
  const path = `hand-ins/${encodeURIComponent(homework)}`;
  const made = await called(server, path, token, new Blob([zip], { type: "application/zip" }));
  const { receipt, page, key } = made;
  const first = `Received ${new Date(receipt.received_at).toLocaleString()}, attempt ${receipt.number}, SHA-256 ${receipt.sha256.slice(0, 16)}.`;
  tell(first, page);
  try {
    await follow((path) => called(server, path, token), key, (text) => tell(`${first} ${text}`, page));
  } catch (error) {
    // It is received, whatever happens to whoever watches it.
    tell(`${first} Its checks cannot be followed here just now: ${reason(error, server)}`, page);
  }
}

// Asks how the checks of a hand-in end until it is graded, or kept for later.
async function follow(ask, key, tell) {
  let after = 0;
  let passed = 0;
  let ended = 0;
  for (;;) {
    const state = await ask(`hand-ins/${key}?after=${after}`);
    after = state.last;
    for (const event of state.events.filter((each) => each.kind === "check")) {
      ended += 1;
      passed += event.passed ? 1 : 0;
    }
    const checks = ended ? ` ${passed} of ${ended} checks that you may see passed.` : "";
    if (state.state === "graded") return tell(`It is graded.${checks}`);
    if (state.state === "open") {
      return tell("It could not be graded, through no fault of yours; the course was told.");
    }
    const are = state.ahead === 1 ? "is" : "are";
    const now = state.ahead ? `${state.ahead} ${are} graded before it.` : "Grading.";
    tell(`${now}${checks}`);
    await new Promise((resolve) => setTimeout(resolve, 1000 * state.again_s));
  }
}

// Why a request failed, as a sentence.
export function reason(error, server) {
  return error instanceof TypeError ? `${server} cannot be reached.` : error.message;
}
