"""A few nodes of their own and the calls to them, so that what happens in one episode touches no other.

In an input `@arn:q` stands for the ARN of a node and `@name:q` for its name, {"@json": …} for a text that is JSON, and
`${call.path}` for a part of an earlier answer.
"""

import json

QUEUE, TOPIC = "AWS::SQS::Queue", "AWS::SNS::Topic"


class Episode:
    def __init__(self, name, prefix):
        self.name, self.prefix = name, prefix
        self.nodes, self.calls = {}, []
        self.at = 0.0

    def queue(self, name, **properties):
        self.nodes[self.prefix + name] = {"type": QUEUE, "properties": properties}
        return self.prefix + name

    def topic(self, name, **properties):
        self.nodes[self.prefix + name] = {"type": TOPIC, "properties": properties}
        return self.prefix + name

    def wait(self, seconds):
        """Times end in fractions that no two calls share: no two things happen at one instant."""
        self.at = round(self.at + seconds, 3)

    def call(self, node, action, /, wait=1.017, **given):
        """Adds a call, and returns its id. A long poll has ended before the next call."""
        self.wait(wait)
        call_id = f"{self.prefix}.{len(self.calls)}"
        self.calls.append({"id": call_id, "at": self.at, "node": node, "call": action, "input": given,
                           "fifo": self.is_fifo(node)})
        if action == "ReceiveMessage":
            self.wait(given.get("WaitTimeSeconds", 0) if isinstance(given.get("WaitTimeSeconds", 0), int) else 0)
        return call_id

    def is_fifo(self, node):
        properties = self.nodes[node]["properties"]
        return bool(properties.get("FifoQueue") or properties.get("FifoTopic"))


def render(value, node_text):
    """An input with its marks replaced by what the peer calls its nodes."""
    if isinstance(value, str) and value.startswith(("@arn:", "@name:")):
        kind, node = value[1:].split(":", 1)
        return node_text(kind, node)
    if isinstance(value, dict) and set(value) == {"@json"}:
        import json

        return json.dumps(render(value["@json"], node_text))
    if isinstance(value, dict):
        return {key: render(inner, node_text) for key, inner in value.items()}
    if isinstance(value, list):
        return [render(inner, node_text) for inner in value]
    return value
