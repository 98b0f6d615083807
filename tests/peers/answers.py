"""Answers, made comparable: ids by where they were first seen, ARNs and URLs by their node, times since the start."""

import base64
import hashlib
import json
import re

ARN_OR_URL = re.compile(r"^(?:arn:aws:s[qn]s:[\w-]+:\d{12}:|https?://[^/]+/\d{12}/)([\w-]+?)(?:\.fifo)?(:[\w-]+)?$")
# Of an envelope: what is random or says where the service itself is.
ENVELOPE_LEFT_OUT = {"Signature", "SignatureVersion", "SigningCertURL", "UnsubscribeURL"}
# Access policies are not modelled here.
LEFT_OUT = {"ResponseMetadata", "Policy"}
MILLISECONDS = {"SentTimestamp", "ApproximateFirstReceiveTimestamp"}
SECONDS = {"CreatedTimestamp", "LastModifiedTimestamp"}


class Labels:
    """Message ids by the call whose answer showed them first."""

    def __init__(self):
        self.known = {}

    def of(self, message_id, seen_at):
        return "id of " + self.known.setdefault(message_id, seen_at)


class Answer:
    """`raw` as it came, for later calls that take something out of it; `plain` for the comparison."""

    def __init__(self, raw, call, labels, epoch_ms):
        self.raw, self.call, self.labels, self.epoch_ms = raw, call, labels, epoch_ms
        self.plain = self.simplify("", raw)

    def simplify(self, key, value, where=""):
        if isinstance(value, dict):
            if key == "Body":
                value = {name: inner for name, inner in value.items() if name not in ENVELOPE_LEFT_OUT}
            simple = {name: self.simplify(name, inner, f"{where}/{name}") for name, inner in value.items()
                      if name not in LEFT_OUT}
            return {name: inner for name, inner in simple.items() if inner not in ([], None)}
        if isinstance(value, list):
            ordered = self.ordered(key, value)
            return [self.simplify("", inner, f"{where}/{self.mark(inner, place)}") for place, inner in enumerate(ordered)]
        if isinstance(value, bytes):
            return base64.b64encode(value).decode()
        return self.simple_text(key, value, where)

    @staticmethod
    def mark(inner, place):
        return inner.get("Id") or hashlib.md5(text_of(inner).encode()).hexdigest() if isinstance(inner, dict) else place

    def ordered(self, key, items):
        """Where AWS promises no order, the order of the contents."""
        if key == "Messages":
            group = lambda message: (message.get("Attributes") or {}).get("MessageGroupId", "")
            fifo = self.call["fifo"]
            items = [with_parsed_body(message) for message in items]
            return sorted(items, key=lambda message: group(message) if fifo else text_of(message))
        if key in ("queueUrls", "Subscriptions", "Successful", "Failed"):
            return sorted(items, key=lambda item: str(item.get("Id") or item.get("Endpoint")) if isinstance(item, dict) else item)
        return items

    def simple_text(self, key, value, where):
        text = str(value).lower() if isinstance(value, bool) else str(value)
        if key == "error":
            return text.removeprefix("AWS.SimpleQueueService.")
        if key == "MessageId":
            return self.labels.of(text, self.call["id"] + where)
        if key == "ReceiptHandle":
            return "a handle"
        if key == "SequenceNumber":
            return "twenty digits" if re.fullmatch(r"\d{20}", text) else text
        if key in ("SenderId", "Owner"):
            return "the account"
        if key in MILLISECONDS:
            return round(int(text) - self.epoch_ms)
        if key in SECONDS:
            return int(float(text)) - self.epoch_ms // 1000
        if key in ("RedrivePolicy", "FilterPolicy", "RedriveAllowPolicy", "EffectiveDeliveryPolicy") and text[:1] == "{":
            return self.simplify("", json.loads(text))
        if key == "Message" and "/Failed/" in where:
            return "a reason"
        found = ARN_OR_URL.match(text)
        if found and found.group(2):
            return f"a subscription of {found.group(1)}"
        return found.group(1) if found else text


def with_parsed_body(message):
    """SNS's envelope as an object; the digest of a body is checked against that body, and of an envelope left out."""
    body = message["Body"]
    if message["MD5OfBody"] != hashlib.md5(body.encode()).hexdigest():
        raise SystemExit(f"MD5OfBody of {body!r} is {message['MD5OfBody']}")
    if body.startswith("{"):
        parsed = json.loads(body)
        if isinstance(parsed, dict) and parsed.get("Type") == "Notification":
            return {**{key: value for key, value in message.items() if key != "MD5OfBody"}, "Body": parsed}
    return message


def text_of(message):
    body = message.get("Body", message.get("Endpoint", ""))
    if isinstance(body, str) and body.startswith("{"):
        try:
            body = json.loads(body)
        except ValueError:
            pass
    if isinstance(body, dict):
        return str(body.get("Message", body))
    return str(body)


def differences(ours, theirs):
    """Paths with both sides' values; where one is refused and the other is not, that is the difference."""
    ours, theirs = ours.plain, theirs.plain
    if ("error" in ours) != ("error" in theirs):
        return [("error", ours.get("error"), theirs.get("error"))]
    return list(unequal("", ours, theirs))


def unequal(path, ours, theirs):
    if ours == theirs:
        return
    if isinstance(ours, dict) and isinstance(theirs, dict):
        for key in sorted(set(ours) | set(theirs)):
            yield from unequal(f"{path}.{key}" if path else key, ours.get(key), theirs.get(key))
    elif isinstance(ours, list) and isinstance(theirs, list) and len(ours) == len(theirs):
        for our, their in zip(ours, theirs):
            yield from unequal(f"{path}[]", our, their)
    else:
        yield path, short(ours), short(theirs)


def short(value):
    """What a person compares: of messages the bodies."""
    if isinstance(value, list) and value and isinstance(value[0], dict) and "Body" in value[0]:
        return " ".join(text_of(message) for message in value)
    return None if value is None else value if isinstance(value, str) else json.dumps(value, sort_keys=True)


def fits(entry, difference):
    for key in ("probe", "call", "id", "path", "node"):
        if key in entry and not re.fullmatch(str(entry[key]), difference[key]):
            return False
    return all(fits_value(entry[side], difference[side]) for side in ("ours", "moto"))


def fits_value(pattern, value):
    """`null` is absence; a text is a regular expression over the whole."""
    if pattern is None or value is None:
        return pattern is None and value is None
    return re.fullmatch(pattern, value, re.DOTALL) is not None
