// Runs Python: loads it, unpacks the kit, and answers what the page asks.

const HOME = "/home/pyodide/course";
let python = null;
let desk = null;

async function fetched(address) {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`${address} is not there (${answer.status})`);
  return new Uint8Array(await answer.arrayBuffer());
}

async function begin({ interpreter, packages, wheel, kit }) {
  const files = Promise.all([fetched(wheel), fetched(kit)]);
  files.catch(() => {});
  postMessage({ kind: "stage", text: "Loading Python. The first time this takes a while." });
  const { loadPyodide } = await import(`${interpreter}pyodide.mjs`);
  python = await loadPyodide({ indexURL: interpreter, stdout: () => {}, stderr: () => {} });
  postMessage({ kind: "stage", text: "Loading its packages." });
  const said = [];
  await python.loadPackage(packages, { errorCallback: (text) => said.push(text) });
  const missing = packages.filter((name) => !(name in python.loadedPackages));
  if (missing.length) throw new Error(`${missing.join(", ")} could not be loaded. ${said.at(-1) ?? ""}`);
  const [built, course] = await files;
  const place = python.runPython("import sysconfig; sysconfig.get_path('purelib')");
  python.unpackArchive(built, "wheel", { extractDir: place });
  python.FS.mkdirTree(HOME);
  python.unpackArchive(course, "zip", { extractDir: HOME });
  postMessage({ kind: "stage", text: "Preparing the checks." });
  const { WebDesk } = python.pyimport("grader.browser.desk");
  const root = python.pyimport("pathlib").Path(HOME);
  desk = WebDesk(root, (text) => postMessage(JSON.parse(text)));
}

function check({ homework, files }) {
  return JSON.parse(desk.check(homework, python.toPy(files)));
}

function archive({ homework, files }) {
  const packed = desk.archive(homework, python.toPy(files));
  const bytes = packed.toJs();
  packed.destroy();
  return bytes;
}

const ANSWERS = { begin, check, archive };

onmessage = async ({ data }) => {
  try {
    postMessage({ kind: "answer", value: await ANSWERS[data.kind](data) });
  } catch (error) {
    // The end of a traceback says what happened.
    const lines = String(error.message ?? error).trim().split("\n");
    postMessage({ kind: "failed", text: lines.at(-1) });
  }
};
