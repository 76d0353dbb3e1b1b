"use strict";

const manifest = JSON.parse(document.getElementById("manifest").textContent);
const TAG_MANIFEST = "tagmanifest-sha256.txt";
const WORDS = {
  waiting: "not yet given", match: "match", mismatch: "MISMATCH", missing: "MISSING",
  added: "NOT IN THE LIST", unread: "CANNOT BE READ", page: "this page", reading: "being read",
  harmless: "left by a computer, not part of the delivery",
};
const BAD = ["mismatch", "missing", "added", "unread"];
/* What file managers leave in a folder that they show; named, and no reason to reject. */
const HARMLESS = [".DS_Store", "Thumbs.db", "desktop.ini"];
const byId = (id) => document.getElementById(id);

const listed = new Map(manifest.files.map((file) => [file.path, file.sha256]));
const recordings = manifest.footage.filter((each) => !each.path);
const rows = new Map();
let folderGiven = false;
let root = "";
let queue = [];
let running = false;

for (const file of manifest.files) rowFor(file.path, file.path);
rowFor(TAG_MANIFEST, TAG_MANIFEST);
rowFor(manifest.page, manifest.page);
for (const each of recordings) {
  rowFor(`recording ${each.key}`, `${each.name} (recording ${each.key}, not in the delivery)`);
}
for (const row of rows.values()) row.listed = true;
tell();

function rowFor(key, name) {
  if (rows.has(key)) return rows.get(key);
  const line = byId("files").insertRow();
  const head = document.createElement("th");
  head.scope = "row";
  head.textContent = name;
  line.append(head);
  const row = { line, state: "", result: line.insertCell(), digest: line.insertCell(), sha256: "", given: false };
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

/* Takes what was chosen or dropped: pairs of a path and a file. A folder is judged whole, by
   itself: what was given before it does not count, and what comes after it fills no gap. */
function take(found) {
  const inFolder = found.find(([path]) => path.includes("/"));
  if (inFolder) {
    for (const [key, row] of rows) {
      if (row.listed) show(row, "waiting");
      else { row.line.remove(); rows.delete(key); }
      row.given = false;
      row.text = undefined;
    }
    folderGiven = true;
    root = inFolder[0].slice(0, inFolder[0].indexOf("/") + 1);
    queue = [];
  }
  queue.push(...found);
  if (!running && queue.length) run();
}

async function run() {
  running = true;
  byId("progress").hidden = false;
  while (queue.length) {
    const [path, file] = queue.shift();
    const key = keyOf(path, file);
    const row = rowFor(key ?? path, path);
    if (path.includes("/")) row.given = true;
    show(row, "reading");
    tell();
    try {
      judge(path, key, row, await hash(file, key));
    } catch (error) {
      show(row, "unread", String(error.message || error));
    }
  }
  running = false;
  byId("progress").hidden = true;
  if (folderGiven) {
    for (const [key, row] of rows) {
      if (row.listed && !row.given && !key.startsWith("recording ")) show(row, "missing");
    }
  }
  judgeTags();
  tell();
}

/* The listed path, or the recording, that a file is; null for none. A file of a folder is what
   its whole path below that folder says, and nothing else: no folder is passed over. */
function keyOf(path, file) {
  if (path.includes("/")) {
    const rest = path.startsWith(root) ? path.slice(root.length) : path;
    return path.startsWith(root) && rows.get(rest)?.listed && !rows.get(rest).given ? rest : null;
  }
  const original = manifest.footage.find((each) => each.name === file.name);
  if (original && !original.path) return `recording ${original.key}`;
  if (folderGiven) return null;
  if (original) return "data/" + original.path;
  if (listed.has(path) || path === TAG_MANIFEST || path === manifest.page) return path;
  const same = [...listed.keys()].filter((name) => name.endsWith("/" + file.name));
  return same.length === 1 ? same[0] : null;
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

/* A loose file under another name is known by its digest alone; in a folder nothing is. */
function judgeByDigest(path, row, sha256) {
  const recording = recordings.find((each) => each.sha256 === sha256);
  const file = manifest.files.find((each) => each.sha256 === sha256);
  if ((recording || file) && !path.includes("/")) {
    show(row, "match", sha256);
    row.result.textContent += ` (${recording ? `recording ${recording.key}` : file.path})`;
  } else if (HARMLESS.includes(path.slice(path.lastIndexOf("/") + 1))) {
    show(row, "harmless", sha256);
  } else {
    show(row, "added", sha256);
  }
}

/* Holds the list of the delivery's own files against what was read: each of them, each once. */
function judgeTags() {
  const row = rows.get(TAG_MANIFEST), page = rows.get(manifest.page);
  if (row.text === undefined || !page.sha256) return;
  const pairs = row.text.trim().split("\n").map((line) => [line.slice(66), line.slice(0, 64)]);
  const lines = new Map(pairs);
  const wanted = lines.get(manifest.page);
  if (wanted === page.sha256) show(page, "match", page.sha256);
  else show(page, "mismatch", page.sha256, wanted ?? "nothing");
  const own = [...listed.keys()].filter((name) => !name.includes("/"));
  const told = pairs.filter(([name]) => name !== manifest.page);
  const same = told.length === own.length && own.every((name) => lines.get(name) === listed.get(name));
  if (!same || lines.size !== pairs.length) show(row, "mismatch", row.sha256);
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

async function hash(file, key) {
  if (key === TAG_MANIFEST) rows.get(TAG_MANIFEST).text = await file.text();
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
      resolve(hash(file, key));
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
