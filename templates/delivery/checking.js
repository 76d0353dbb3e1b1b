"use strict";

const manifest = JSON.parse(document.getElementById("manifest").textContent);
const TAG_MANIFEST = "tagmanifest-sha256.txt";
const WORDS = {
  waiting: "not yet given", match: "match", mismatch: "MISMATCH", missing: "MISSING",
  added: "NOT IN THE LIST", unread: "CANNOT BE READ", page: "this page", reading: "being read",
};
const BAD = ["mismatch", "missing", "added", "unread"];
const byId = (id) => document.getElementById(id);

const listed = new Map(manifest.files.map((file) => [file.path, file.sha256]));
const recordings = manifest.footage.filter((each) => !each.path);
const rows = new Map();
let folderGiven = false;
let queue = [];
let running = false;

for (const file of manifest.files) rowFor(file.path, file.path);
rowFor(TAG_MANIFEST, TAG_MANIFEST);
rowFor(manifest.page, manifest.page);
for (const each of recordings) {
  rowFor(`recording ${each.key}`, `${each.name} (recording ${each.key}, not in the delivery)`);
}
tell();

function rowFor(key, name) {
  if (rows.has(key)) return rows.get(key);
  const line = byId("files").insertRow();
  const head = document.createElement("th");
  head.scope = "row";
  head.textContent = name;
  line.append(head);
  const row = { line, state: "", result: line.insertCell(), digest: line.insertCell(), sha256: "" };
  rows.set(key, row);
  show(row, "waiting");
  return row;
}

function show(row, state, sha256 = "", wanted = "") {
  row.state = state;
  row.sha256 = sha256;
  row.line.className = state;
  row.result.textContent = WORDS[state];
  row.digest.textContent = wanted ? `${sha256}\nlisted: ${wanted}` : sha256;
}

/* Takes what was chosen or dropped: pairs of a path and a file. */
function take(found) {
  for (const [path, file] of found) {
    if (path.includes("/")) folderGiven = true;
    queue.push([path, file]);
  }
  if (!running && queue.length) run();
}

async function run() {
  running = true;
  byId("progress").hidden = false;
  while (queue.length) {
    const [path, file] = queue.shift();
    const key = keyOf(path, file);
    const row = rowFor(key ?? path, path);
    show(row, "reading");
    tell();
    try {
      judge(path, key, row, await hash(file));
    } catch (error) {
      show(row, "unread", String(error.message || error));
    }
  }
  running = false;
  byId("progress").hidden = true;
  if (folderGiven) {
    for (const [key, row] of rows) {
      if (row.state === "waiting" && !key.startsWith("recording ")) show(row, "missing");
    }
  }
  judgeTags();
  tell();
}

/* The listed path, or the recording, that a file claims to be; null for none. */
function keyOf(path, file) {
  const known = (name) => listed.has(name) || name === TAG_MANIFEST || name === manifest.page;
  for (let rest = path; rest; rest = rest.includes("/") ? rest.slice(rest.indexOf("/") + 1) : "") {
    if (known(rest)) return rest;
  }
  if (path.includes("/") && folderHolds(path)) return null;
  const same = [...listed.keys()].filter((name) => name.endsWith("/" + file.name));
  if (same.length === 1) return same[0];
  const original = manifest.footage.find((each) => each.name === file.name);
  if (original) return original.path ? "data/" + original.path : `recording ${original.key}`;
  return null;
}

/* Whether a path lies in a folder of the delivery, where nothing unlisted belongs. */
function folderHolds(path) {
  const parts = path.split("/");
  return parts.length === 2 || parts.includes("data");
}

function judge(path, key, row, sha256) {
  if (key === TAG_MANIFEST) {
    show(row, "match", sha256);
    byId("delivery-digest").textContent = sha256.match(/.{8}/g).join(" ");
    byId("delivery-digest").dataset.sha256 = sha256;
  } else if (key === manifest.page) {
    show(row, "page", sha256);
  } else if (key !== null) {
    const wanted = listed.get(key) ?? recordings.find((each) => `recording ${each.key}` === key).sha256;
    if (sha256 === wanted) show(row, "match", sha256);
    else show(row, "mismatch", sha256, wanted);
  } else {
    judgeByDigest(path, row, sha256);
  }
}

/* A loose file under another name is known by its digest alone. */
function judgeByDigest(path, row, sha256) {
  const recording = recordings.find((each) => each.sha256 === sha256);
  const file = manifest.files.find((each) => each.sha256 === sha256);
  if ((recording || file) && !(path.includes("/") && folderHolds(path))) {
    show(row, "match", sha256);
    row.result.textContent += ` (${recording ? `recording ${recording.key}` : file.path})`;
  } else {
    show(row, "added", sha256);
  }
}

/* Holds the list of the delivery's own files against what was read. */
function judgeTags() {
  const row = rows.get(TAG_MANIFEST), page = rows.get(manifest.page);
  if (!row.text || !page.sha256) return;
  const lines = new Map(row.text.trim().split("\n").map((line) => [line.slice(66), line.slice(0, 64)]));
  const wanted = lines.get(manifest.page);
  if (wanted === page.sha256) show(page, "match", page.sha256);
  else show(page, "mismatch", page.sha256, wanted ?? "nothing");
  for (const [name, sha256] of lines) {
    if (name !== manifest.page && listed.get(name) !== sha256) show(row, "mismatch", row.sha256);
  }
  tell();
}

function count(...states) {
  return [...rows.values()].filter((row) => states.includes(row.state)).length;
}

function compareDigests() {
  const told = byId("told").value.toLowerCase().replace(/\s+/g, "");
  const actual = byId("delivery-digest").dataset.sha256;
  let words = "";
  let same = false;
  if (!told) words = "";
  else if (!/^[0-9a-f]{16,64}$/.test(told)) words = "Type at least 16 digits, 0 to 9 and a to f.";
  else if (!actual || !folderGiven || running) words = "Choose the delivery's folder first.";
  else if (!actual.startsWith(told)) words = "DIFFERENT: this is not the delivery that was sent.";
  else if (count(...BAD)) words = "The digest is the same, but files do not agree with it.";
  else {
    words = "SAME: this is the delivery that was sent.";
    same = true;
  }
  byId("told-result").textContent = words;
  byId("told-result").className = same ? "match" : "mismatch";
}

function tell() {
  const bad = count(...BAD), good = count("match");
  const result = byId("result");
  result.className = "";
  if (running) {
    result.textContent = "Checking …";
  } else if (bad) {
    result.className = "mismatch";
    result.textContent = `${bad} ${bad === 1 ? "file does" : "files do"} not agree. ${good} match.`;
  } else if (folderGiven) {
    result.className = "match";
    result.textContent = `All ${good} files match. Nothing is missing, and nothing was added.`;
  } else if (good) {
    result.className = "match";
    result.textContent = `${good} ${good === 1 ? "file matches" : "files match"}. The rest was not given.`;
  } else {
    result.textContent = "Nothing was checked yet.";
  }
  compareDigests();
}

/* A worker keeps the page free; where a browser refuses one to a page from
   disk, the file is read here, and the screen is let in between slices. */
let worker = null;
try {
  const source = byId("hashing").textContent + `
onmessage = async (event) => {
  try {
    postMessage({ sha256: await digestOf(event.data, (bytes) => postMessage({ bytes })) });
  } catch (error) {
    postMessage({ error: String(error.message || error) });
  }
};`;
  worker = new Worker(URL.createObjectURL(new Blob([source], { type: "text/javascript" })));
} catch (error) {
  worker = null;
}

async function hash(file) {
  if (file.name === TAG_MANIFEST) rows.get(TAG_MANIFEST).text = await file.text();
  const began = performance.now();
  const heard = (bytes) => progress(file, bytes, (performance.now() - began) / 1000);
  heard(0);
  if (worker === null) {
    return digestOf(file, (bytes) => {
      heard(bytes);
      return new Promise((go) => setTimeout(go));
    });
  }
  return new Promise((resolve, reject) => {
    worker.onmessage = ({ data }) => {
      if (data.bytes !== undefined) heard(data.bytes);
      else if (data.error) reject(new Error(data.error));
      else resolve(data.sha256);
    };
    worker.onerror = () => {
      worker = null;
      resolve(hash(file));
    };
    worker.postMessage(file);
  });
}

function progress(file, bytes, seconds) {
  const mega = (count) => (count / 1e6).toLocaleString("en-US", { maximumFractionDigits: 1 });
  const left = bytes && seconds > 2 ? ((file.size - bytes) / bytes) * seconds : 0;
  byId("bar").max = Math.max(1, file.size);
  byId("bar").value = bytes;
  byId("progress-words").textContent =
    `${file.name}: ${mega(bytes)} of ${mega(file.size)} MB` +
    (left > 1 ? `, about ${Math.ceil(left)} s left` : "");
}

for (const id of ["folder", "loose"]) {
  byId(id).addEventListener("change", (event) => {
    take([...event.target.files].map((file) => [file.webkitRelativePath || file.name, file]));
    event.target.value = "";
  });
}
byId("told").addEventListener("input", compareDigests);

document.addEventListener("dragover", (event) => {
  event.preventDefault();
  document.body.classList.add("over");
});
document.addEventListener("dragleave", () => document.body.classList.remove("over"));
document.addEventListener("drop", async (event) => {
  event.preventDefault();
  document.body.classList.remove("over");
  const found = [];
  const held = [...event.dataTransfer.items].map((item) => [item.webkitGetAsEntry?.(), item.getAsFile()]);
  for (const [entry, file] of held) {
    if (entry) await walk(entry, found);
    else if (file) found.push([file.name, file]);
  }
  take(found);
});

async function walk(entry, found) {
  if (entry.isFile) {
    const file = await new Promise((resolve, reject) => entry.file(resolve, reject));
    found.push([entry.fullPath.replace(/^\//, ""), file]);
    return;
  }
  const reader = entry.createReader();
  for (;;) {
    const entries = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
    if (!entries.length) return;
    for (const each of entries) await walk(each, found);
  }
}
