"""The same calls to Decoupled's runner and to moto: every answer must agree, but for the differences.json.

    python main.py RUNNER [--seed N] [--calls N]

Each entry of differences.json names the fact by which moto is wrong there. A difference that no entry explains
fails the test, and so does an entry that explains none.
"""

import argparse
import json
import pathlib
import sys

import answers
import generator
import moto_peer
import probes
import runner

HERE = pathlib.Path(__file__).parent


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("runner")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--calls", type=int, default=500)
    options = parser.parse_args()

    episodes = probes.all_probes()
    generator.add_episodes(episodes, options.seed, options.calls)
    runner.lay_out(episodes)
    ours = runner.play(options.runner, episodes)
    theirs = moto_peer.play(episodes, ours)

    differences, compared = [], 0
    for episode in episodes:
        for call in episode.calls:
            compared += 1
            pair = (ours[call["id"]], theirs[call["id"]])
            for path, our, their in answers.differences(*pair):
                found = {"probe": episode.name, "call": call["call"], "id": call["id"].split(".")[-1], "path": path}
                differences.append({**found, "node": call["node"], "ours": our, "moto": their, "input": call["input"]})
    entries = json.loads((HERE / "differences.json").read_text())
    unexplained = [difference for difference in differences if not explain(difference, entries)]
    idle = [entry for entry in entries if not entry.get("seen")]
    for difference in unexplained:
        print("not explained:", json.dumps(difference))
    for entry in idle:
        print("no longer there:", entry["name"])
    failed = len(unexplained) + len(idle)
    print(f"{compared} calls, {len(differences)} differences, all but {len(unexplained)} by {len(entries)} entries")
    print(f"test result: {'FAILED' if failed else 'ok'}. {compared + len(entries) - failed} passed; {failed} failed")
    return 1 if failed else 0


def explain(difference, entries):
    """Counts the difference for the first entry that fits it."""
    for entry in entries:
        if answers.fits(entry, difference):
            entry["seen"] = entry.get("seen", 0) + 1
            return True
    return False


if __name__ == "__main__":
    sys.exit(main())
