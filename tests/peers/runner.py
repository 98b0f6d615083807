"""The episodes as one scene, whose script makes the calls, played by `decoupled run`."""

import json
import pathlib
import subprocess
import tempfile

import answers
from episode import QUEUE, render

PAUSE = 30.0


def lay_out(episodes):
    """Puts the episodes one after the other in time."""
    start = 1.0
    for episode in episodes:
        length = episode.at
        for call in episode.calls:
            call["at"] = round(start + call["at"], 3)
        start = round(start + length + PAUSE, 3)


def play(program, episodes):
    """Normalised answers by the calls' ids."""
    nodes = {name: node for episode in episodes for name, node in episode.nodes.items()}
    text = lambda kind, node: node
    script = [
        {"id": call["id"], "at": f"{round(call['at'] * 1000)}ms", "node": call["node"], "call": call["call"],
         "input": render(call["input"], text)}
        for episode in episodes for call in episode.calls
    ]
    for entry in script:
        entry["id"] = entry["id"].replace(".", "_")
        entry["input"] = references_to(entry["input"])
    described = []
    for name, node in nodes.items():
        properties = render(node["properties"], text)
        if node["type"] == QUEUE and not properties.get("FifoQueue"):
            # AWS leaves open whether a handle that is not the latest deletes (SQS-19); moto's do.
            properties["Decoupled"] = {"DeletesByStaleHandle": True}
        described.append({"id": name, "type": node["type"], "properties": properties})
    scene = {"version": 1, "name": "peers", "seed": 1, "network": "instant", "nodes": described, "links": [], "script": script}
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "peers.scene.json"
        path.write_text(json.dumps(scene))
        until = max(call["at"] for episode in episodes for call in episode.calls) + 60
        ran = subprocess.run([program, "run", str(path), "--until", f"{round(until)}s", "--json"],
                             capture_output=True, text=True, check=True)
    report = json.loads(ran.stdout)
    if report["problems"]:
        raise SystemExit(f"the scene has problems: {report['problems']}")
    calls = {call["id"].replace("_", "."): call for call in report["calls"]}
    labels, found = answers.Labels(), {}
    for episode in episodes:
        for call in episode.calls:
            answer = calls[call["id"]]
            raw = {"error": answer["error"]["Code"]} if "error" in answer else answer.get("output", {"pending": True})
            found[call["id"]] = answers.Answer(raw, call, labels, epoch_ms=0)
    return found


def references_to(value):
    """`${a.1.Messages…}` names call `a.1`; a script's ids have no dots."""
    if isinstance(value, str) and value.startswith("${"):
        prefix, number, rest = value[2:].split(".", 2)
        return "${" + f"{prefix}_{number}.{rest}"
    if isinstance(value, dict):
        return {key: references_to(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [references_to(inner) for inner in value]
    return value
