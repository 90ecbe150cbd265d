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
  let after = 0;
  let passed = 0;
  let ended = 0;
  for (;;) {
    const state = await called(server, `hand-ins/${key}?after=${after}`, token);
    after = state.last;
    for (const event of state.events.filter((each) => each.kind === "check")) {
      ended += 1;
      passed += event.passed ? 1 : 0;
    }
    const checks = ended ? ` ${passed} of ${ended} checks that you may see passed.` : "";
    if (state.state === "graded") return tell(`${first} It is graded.${checks}`, page);
    if (state.state === "open") {
      return tell(`${first} It could not be graded, through no fault of yours; the course was told.`, page);
    }
    tell(`${first} ${state.ahead ? `${state.ahead} are graded before it.` : "Grading."}${checks}`, page);
    await new Promise((resolve) => setTimeout(resolve, 1000 * state.again_s));
  }
}
