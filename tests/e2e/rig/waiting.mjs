// Waiting for things to happen, and for programs to end.

/** Resolves after this many milliseconds. */
export const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Asks again and again until `ask` answers something true; fails by name when it takes longer than `milliseconds`. */
export async function until(what, ask, milliseconds = 15_000) {
  const deadline = Date.now() + milliseconds;
  for (;;) {
    const answer = await ask();
    if (answer) return answer;
    if (Date.now() > deadline) throw new Error(`not within ${milliseconds} ms: ${what}`);
    await pause(40);
  }
}

/** Asks a program to end, kills it when it does not within five seconds, and waits until it is gone. */
export async function ended(child) {
  if (!child || child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  const late = setTimeout(() => child.kill('SIGKILL'), 5000);
  await gone;
  clearTimeout(late);
}
