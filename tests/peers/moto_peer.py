"""The episodes played by moto, in this process, on a clock that stands still between the calls."""

import base64
import datetime
import os
import re
import traceback

os.environ.update(AWS_ACCESS_KEY_ID="x", AWS_SECRET_ACCESS_KEY="x", AWS_DEFAULT_REGION="us-east-1")

import boto3
import freezegun
import moto
from botocore.config import Config
from botocore.exceptions import ClientError
from moto.sqs.models import Queue

import answers
from episode import QUEUE, render

START = datetime.datetime(2026, 1, 1, tzinfo=datetime.timezone.utc)
ACCOUNT = "123456789012"
MOMENT = datetime.timedelta(microseconds=20)


class Peer:
    def __init__(self, episodes, ours):
        # Wrong calls are for the service to refuse, not for its client.
        config = Config(parameter_validation=False, retries={"max_attempts": 0})
        self.sqs, self.sns = boto3.client("sqs", config=config), boto3.client("sns", config=config)
        self.kinds = {name: node for episode in episodes for name, node in episode.nodes.items()}
        self.ours, self.found, self.labels = ours, {}, answers.Labels()
        self.created = set()

    def is_fifo(self, node):
        properties = self.kinds[node]["properties"]
        return properties.get("FifoQueue") or properties.get("FifoTopic")

    def name(self, node):
        return node + ".fifo" if node in self.kinds and self.is_fifo(node) else node

    def text(self, kind, node):
        service = "sqs" if self.kinds.get(node, {"type": QUEUE})["type"] == QUEUE else "sns"
        return self.name(node) if kind == "name" else f"arn:aws:{service}:us-east-1:{ACCOUNT}:{self.name(node)}"

    def create(self, node):
        """Its dead-letter queue first."""
        if node in self.created:
            return
        self.created.add(node)
        described = self.kinds[node]
        properties = described["properties"]
        policy = properties.get("RedrivePolicy")
        if policy:
            self.create(policy["deadLetterTargetArn"].removeprefix("@arn:"))
        rendered = render({key: {"@json": value} if isinstance(value, dict) else value for key, value in properties.items()
                           if key != "Decoupled"}, self.text)
        attributes = {key: value if isinstance(value, str) else str(value).lower() for key, value in rendered.items()}
        if described["type"] == QUEUE:
            self.sqs.create_queue(QueueName=self.name(node), Attributes=attributes)
        else:
            self.sns.create_topic(Name=self.name(node), Attributes=attributes)

    def resolve(self, value):
        """`${call.path}`; a message by its body in our answer, for a standard queue promises no order."""
        if isinstance(value, str) and value.startswith("${"):
            prefix, number, path = value[2:-1].split(".", 2)
            ours, theirs = self.ours[f"{prefix}.{number}"].raw, self.found[f"{prefix}.{number}"].raw
            place = re.fullmatch(r"Messages\[(\d+)\]\.(\w+)", path)
            if not place:
                return theirs[path]
            body = answers.text_of(ours["Messages"][int(place.group(1))])
            return next(one for one in theirs["Messages"] if answers.text_of(one) == body)[place.group(2)]
        if isinstance(value, dict):
            return {key: base64.b64decode(inner) if key == "BinaryValue" else self.resolve(inner)
                    for key, inner in value.items()}
        if isinstance(value, list):
            return [self.resolve(inner) for inner in value]
        return value

    def answer(self, call):
        try:
            given = self.resolve(render(call["input"], self.text))
        except (KeyError, IndexError, StopIteration):
            # What the runner says of a reference to nothing.
            return {"error": "InvalidParameterValue"}
        node = call["node"]
        if self.kinds[node]["type"] == QUEUE:
            client, own = self.sqs, {"QueueUrl": f"https://sqs.us-east-1.amazonaws.com/{ACCOUNT}/{self.name(node)}"}
            own = {} if call["call"] == "GetQueueUrl" else own
        else:
            client, own = self.sns, {"TopicArn": self.text("arn", node)}
            own = {} if "SubscriptionArn" in given else own
        method = re.sub(r"(?<!^)(?=[A-Z])", "_", call["call"]).lower()
        try:
            return getattr(client, method)(**own, **given)
        except ClientError as error:
            return {"error": error.response["Error"]["Code"]}
        except Exception as error:
            if os.environ.get("SHOW_CRASHES"):
                traceback.print_exc()
            return {"error": f"crashed with {type(error).__name__}"}


def play(episodes, ours):
    epoch_ms = round(START.timestamp() * 1000)
    with freezegun.freeze_time(START) as clock, moto.mock_aws():
        # moto waits for messages by the machine's clock; here the time goes to the moment when one turns visible.
        def wait_for_messages(queue, timeout):
            now = datetime.datetime.now(datetime.timezone.utc)
            turns = [at for message in queue._messages for at in (message.visible_at, message.delayed_until)]
            soon = [START + datetime.timedelta(milliseconds=at - epoch_ms) + MOMENT for at in turns if at > now.timestamp() * 1000]
            clock.move_to(min([*soon, now + datetime.timedelta(seconds=timeout)]))

        Queue.wait_for_messages = wait_for_messages
        peer = Peer(episodes, ours)
        for node in peer.kinds:
            peer.create(node)
        for episode in episodes:
            for call in episode.calls:
                clock.move_to(START + datetime.timedelta(seconds=call["at"]))
                peer.found[call["id"]] = answers.Answer(peer.answer(call), call, peer.labels, epoch_ms)
    return peer.found
