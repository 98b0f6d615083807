"""Episodes of random calls. They keep to ground where moto does what AWS does, so that one deviation does not bring
about a hundred others; what lies beyond has a probe of its own (probes.py)."""

import random

from episode import Episode

SENDS_MAX = 9
GAPS = [0.103, 0.511, 1.307, 3.709, 6.211]
ALL = ["All"]
KINDS = ["order", "refund", "Order", "orders", "invoice"]
FILTERS = [
    {"kind": ["order"]},
    {"kind": ["order", "invoice"], "size": [{"numeric": [">", 10, "<=", 100]}]},
    {"kind": [{"prefix": "or"}]},
    {"kind": [{"suffix": "er"}]},
    {"kind": [{"anything-but": ["order", "refund"]}]},
    {"kind": [{"exists": False}]},
    {"size": [{"numeric": ["=", 7]}]},
    {"$or": [{"kind": ["refund"]}, {"size": [{"numeric": [">=", 50]}]}]},
    {"tags": ["red"]},
]
BODY_FILTERS = [
    {"order": {"size": [{"numeric": [">", 5]}]}},
    {"kind": [{"anything-but": "order"}]},
    {"kind": ["order", "Order"], "order": {"size": [{"numeric": ["<", 3]}]}},
]
WRONG_FILTERS = [
    {"a": ["1"], "b": ["1"], "c": ["1"], "d": ["1"], "e": ["1"], "f": ["1"]},
    {"kind": "order"},
    {"order": {"size": ["1"]}},
    {"kind": [{"like": "order"}]},
    {"size": [{"numeric": ["<", "ten"]}]},
]
QUEUE_ATTRIBUTES = ["VisibilityTimeout", "DelaySeconds", "ApproximateNumberOfMessages", "QueueArn", "CreatedTimestamp",
                    "ApproximateNumberOfMessagesNotVisible", "ApproximateNumberOfMessagesDelayed", "FifoQueue",
                    "MessageRetentionPeriod", "MaximumMessageSize", "ReceiveMessageWaitTimeSeconds", "RedrivePolicy"]


def add_episodes(episodes, seed, calls):
    """Fills up with random episodes until there are so many calls."""
    kinds = [Queue, Queue, Topic]
    missing = calls - sum(len(episode.calls) for episode in episodes)
    number = 0
    while missing > 0:
        # A generator of its own each: one more call in an episode changes no other.
        dice = random.Random(f"{seed} {number}")
        episode = Episode("random", f"r{number}x")
        play = kinds[number % len(kinds)](episode, dice, fifo=dice.random() < 0.5)
        for _ in range(min(missing, 16)):
            play.act()
        episode.calls = episode.calls[:missing]
        missing -= len(episode.calls)
        episodes.append(episode)
        number += 1


class Queue:
    """A queue, perhaps with a dead-letter queue, and calls to both."""

    def __init__(self, episode, dice, fifo):
        self.episode, self.dice, self.fifo = episode, dice, fifo
        own = {"FifoQueue": True, "ContentBasedDeduplication": True} if fifo else {}
        self.dead = episode.queue("d", **own) if dice.random() < 0.4 else None
        self.groups = dice.choice([["a"], ["a", "b", "c"]]) if fifo else []
        # Two of a group that expire together come back in another order from moto: one at a time, or never.
        self.one_by_one = len(self.groups) == 1 and dice.random() < 0.6
        self.may_expire = not fifo or self.one_by_one
        self.seconds = dice.choice([3, 5, 8, 20]) if self.may_expire else 600
        properties = {**own, "VisibilityTimeout": self.seconds}
        if dice.random() < 0.3:
            properties["DelaySeconds"] = dice.choice([1, 2, 4])
        if self.dead:
            properties["RedrivePolicy"] = {"deadLetterTargetArn": f"@arn:{self.dead}", "maxReceiveCount": dice.choice([1, 2, 3])}
        self.queue = episode.queue("q", **properties)
        self.sent, self.bodies, self.forgotten, self.handles = 0, [], False, []
        # When something turns visible, by node: each a time and how many messages at most.
        self.turns = {self.queue: [], self.dead: []}

    def act(self):
        calls = [(6, self.send), (3, self.send_batch), (6, self.receive), (4, self.delete), (2, self.delete_batch),
                 (3, self.change), (2, self.change_batch), (3, self.read), (2, self.set), (1, self.purge), (1, self.sources),
                 (1, self.url), (2, self.wrong)]
        weights = [weight for weight, _ in calls]
        self.dice.choices([act for _, act in calls], weights)[0]()

    def call(self, action, /, **given):
        gap = self.dice.choice(GAPS)
        return self.episode.call(self.queue, action, wait=gap, **given)

    def message(self):
        """A message; in a FIFO queue now and then one that is known, while nothing was deleted."""
        self.sent += 1
        again = self.fifo and self.bodies and not self.forgotten and self.dice.random() < 0.2
        body = self.dice.choice(self.bodies) if again else f"{self.episode.prefix} {self.sent} {self.dice.choice(['é', 'plain', '🚀'])}"
        self.bodies.append(body)
        given = {"MessageBody": body}
        if self.dice.random() < 0.4:
            given["MessageAttributes"] = attributes(self.dice)
        if self.fifo:
            given["MessageGroupId"] = self.dice.choice(self.groups)
            # The same message has the same id, given or by its content.
            if int(body.split()[1]) % 2:
                given["MessageDeduplicationId"] = f"id of {body}".replace(" ", "-").encode("ascii", "replace").decode()
        elif self.dice.random() < 0.3:
            given["DelaySeconds"] = self.dice.choice([0, 1, 3])
        return given

    def send(self):
        if self.sent < SENDS_MAX:
            self.call("SendMessage", **self.message())
            self.note_delays(1)

    def note_delays(self, count):
        """What is delayed turns visible after the queue's delay or its own, one to three seconds."""
        self.turns[self.queue].extend((self.episode.at + seconds, count) for seconds in range(1, 5))

    def send_batch(self):
        count = min(self.dice.randint(1, 4), SENDS_MAX - self.sent)
        entries = [{"Id": f"e{number}", **self.message()} for number in range(count)]
        if entries:
            self.call("SendMessageBatch", Entries=entries)
            self.note_delays(count)

    def receive(self):
        given = {"MaxNumberOfMessages": 10, "WaitTimeSeconds": self.dice.randint(1, 4)}
        if self.fifo and len(self.groups) == 1:
            given["MaxNumberOfMessages"] = 1 if self.one_by_one else self.dice.choice([1, 2, 3, 10])
        if self.may_expire and self.dice.random() < 0.4:
            given["VisibilityTimeout"] = self.dice.choice([2, 6, 30])
        names = self.dice.choice([None, ALL, ["SentTimestamp", "ApproximateReceiveCount"], ["ApproximateFirstReceiveTimestamp"]])
        if self.fifo:
            # Order is promised within a group alone.
            names = [*(names or []), "MessageGroupId"]
        if names:
            given["MessageSystemAttributeNames"] = names
        names = self.dice.choice([None, ALL, ["kind"], ["si.*"], [".*"]])
        if names:
            given["MessageAttributeNames"] = names
        node = self.dead if self.dead and self.dice.random() < 0.3 else self.queue
        gap = self.dice.choice([0.211, 1.019, 4.007])
        began, ends = self.episode.at + gap, self.episode.at + gap + given["WaitTimeSeconds"] + 0.1
        hidden = given.get("VisibilityTimeout", self.seconds)
        soon = [turn for turn in self.turns[node] if began - 0.1 <= turn[0] <= ends]
        if sum(count for _, count in soon) > 1:
            # Of several that turn visible at one instant a waiting poll may get one or all.
            return
        receive = self.episode.call(node, "ReceiveMessage", wait=gap, **given)
        for start in [began, *(at for at, _ in soon)]:
            self.turns[node].append((start + hidden, 1 if self.one_by_one else 10))
        if node == self.queue:
            for place in range(min(given["MaxNumberOfMessages"], 3)):
                handle = {"text": "${" + f"{receive}.Messages[{place}].ReceiptHandle" + "}", "until": began + hidden,
                          "deleted": False}
                self.handles.append(handle)

    def handle(self, to_change=False):
        """One that is good, from its receive's first moment on; of a standard queue any can delete."""
        def is_good(handle):
            fresh = handle["until"] > self.episode.at + 7
            return (fresh and not handle["deleted"] and self.may_expire) if to_change else (fresh or not self.fifo)

        good = [handle for handle in self.handles if is_good(handle)]
        return self.dice.choice(good) if good else None

    def delete(self):
        handle = self.handle()
        if handle:
            handle["deleted"] = self.forgotten = True
            self.call("DeleteMessage", ReceiptHandle=handle["text"])

    def delete_batch(self):
        entries = []
        for number in range(self.dice.randint(1, 3)):
            handle = self.handle()
            if handle and not handle["deleted"]:
                handle["deleted"] = self.forgotten = True
                entries.append({"Id": f"e{number}", "ReceiptHandle": handle["text"]})
        if entries:
            self.call("DeleteMessageBatch", Entries=entries)

    def changed(self):
        handle = self.handle(to_change=True)
        if not handle:
            return None
        seconds = self.dice.choice([0, 5, 60])
        handle["until"] = self.episode.at + seconds if seconds > 10 else 0
        self.turns[self.queue].extend((self.episode.at + gap + seconds, 10) for gap in GAPS)
        return {"ReceiptHandle": handle["text"], "VisibilityTimeout": seconds}

    def change(self):
        change = self.changed()
        if change:
            self.call("ChangeMessageVisibility", **change)

    def change_batch(self):
        entries = [{"Id": f"e{number}", **change} for number in range(2) if (change := self.changed())]
        if entries:
            if self.dice.random() < 0.3:
                entries.append({"Id": "long", "ReceiptHandle": entries[0]["ReceiptHandle"], "VisibilityTimeout": 43_201})
            self.call("ChangeMessageVisibilityBatch", Entries=entries)

    def read(self):
        names = self.dice.choice([ALL, self.dice.sample(QUEUE_ATTRIBUTES, 4), ["Colour"], []])
        node = self.dead if self.dead and self.dice.random() < 0.3 else self.queue
        self.episode.call(node, "GetQueueAttributes", wait=0.307, **({"AttributeNames": names} if names else {}))

    def set(self):
        timeouts = [3, 12] if self.may_expire else [600, 700]
        name, value = self.dice.choice([*(("VisibilityTimeout", seconds) for seconds in timeouts), ("ReceiveMessageWaitTimeSeconds", 2),
                                        ("MaximumMessageSize", 2048), ("MessageRetentionPeriod", 86400)])
        if name == "VisibilityTimeout":
            self.seconds = value
        self.call("SetQueueAttributes", Attributes={name: str(value)})

    def purge(self):
        self.call("PurgeQueue")
        self.forgotten = True
        for handle in self.handles:
            handle.update(until=0)
        self.handles.clear()

    def sources(self):
        self.episode.call(self.dead or self.queue, "ListDeadLetterSourceQueues", wait=0.211)

    def url(self):
        self.call("GetQueueUrl", QueueName=self.dice.choice([f"@name:{self.queue}", "nobody-has-this-name"]))

    def wrong(self):
        entry = {"Id": "a", "MessageBody": "x", **({"MessageGroupId": "a", "MessageDeduplicationId": "w"} if self.fifo else {})}
        bad_handle = "AQEBnone"
        action, given = self.dice.choice([
            ("ReceiveMessage", {"MaxNumberOfMessages": 11}),
            ("ReceiveMessage", {"MaxNumberOfMessages": 0}),
            ("ReceiveMessage", {"WaitTimeSeconds": 21}),
            ("ReceiveMessage", {"VisibilityTimeout": 43_201}),
            ("SendMessageBatch", {"Entries": []}),
            ("SendMessageBatch", {"Entries": [entry, entry]}),
            ("SendMessageBatch", {"Entries": [{**entry, "Id": f"n{number}"} for number in range(11)]}),
            ("SendMessageBatch", {"Entries": [{**entry, "Id": "not an id"}]}),
            ("DeleteMessage", {"ReceiptHandle": bad_handle}),
            ("DeleteMessageBatch", {"Entries": []}),
            ("DeleteMessageBatch", {"Entries": [{"Id": "a", "ReceiptHandle": bad_handle}]}),
            ("ChangeMessageVisibility", {"ReceiptHandle": bad_handle, "VisibilityTimeout": 5}),
            ("ChangeMessageVisibilityBatch", {"Entries": [{"Id": "a", "ReceiptHandle": bad_handle, "VisibilityTimeout": 5}]}),
            ("SendMessage", {"MessageBody": "x", "MessageAttributes": {"a": {"DataType": "Date", "StringValue": "x"}},
                             **({"MessageGroupId": "a", "MessageDeduplicationId": "w"} if self.fifo else {})}),
            ("SendMessage", {"MessageBody": "x" * 1_048_577, **({"MessageGroupId": "a", "MessageDeduplicationId": "w"} if self.fifo else {})}),
            ("GetQueueAttributes", {"AttributeNames": ["Nonsense"]}),
        ])
        self.call(action, **given)


def attributes(dice, binary=True):
    """Message attributes of every type."""
    choices = {
        "kind": {"DataType": "String", "StringValue": dice.choice(KINDS)},
        "size": {"DataType": "Number", "StringValue": str(dice.choice([3, 7, 50, 100, 101]))},
        "size.cm": {"DataType": "Number.cm", "StringValue": "12.5"},
        "raw": {"DataType": "Binary", "BinaryValue": "aGVsbG8gd29ybGQ="},
    }
    if not binary:
        del choices["raw"]
    names = dice.sample(sorted(choices), dice.randint(1, 3))
    return {name: choices[name] for name in names}


class Topic:
    """A topic with two or three queues that subscribe, each with other attributes."""

    def __init__(self, episode, dice, fifo):
        self.episode, self.dice, self.fifo, self.sent = episode, dice, fifo, 0
        own = {"FifoTopic": True, "ContentBasedDeduplication": True} if fifo else {}
        self.topic = episode.topic("t", **own)
        queue_own = {"FifoQueue": True, "ContentBasedDeduplication": True} if fifo else {}
        self.queues = [episode.queue(name, VisibilityTimeout=300, **queue_own) for name in ("a", "b", "c")]
        self.subscriptions = []
        for queue in self.queues[:dice.randint(2, 3)]:
            given = {"Protocol": "sqs", "Endpoint": f"@arn:{queue}", "ReturnSubscriptionArn": True}
            chosen = {}
            if dice.random() < 0.5:
                chosen["RawMessageDelivery"] = "true"
            if dice.random() < 0.6:
                by_body = dice.random() < 0.3
                chosen["FilterPolicy"] = {"@json": dice.choice(BODY_FILTERS if by_body else FILTERS)}
                if by_body:
                    chosen["FilterPolicyScope"] = "MessageBody"
            if chosen:
                given["Attributes"] = chosen
            self.subscriptions.append(episode.call(self.topic, "Subscribe", wait=0.107, **given))

    def act(self):
        calls = [(7, self.publish), (3, self.publish_batch), (5, self.receive), (1, self.list), (2, self.read), (1, self.set),
                 (1, self.unsubscribe), (2, self.wrong), (1, self.read_topic), (1, self.set_topic)]
        self.dice.choices([act for _, act in calls], [weight for weight, _ in calls])[0]()

    def call(self, action, /, **given):
        return self.episode.call(self.topic, action, wait=self.dice.choice([0.113, 1.019, 2.503]), **given)

    def message(self):
        self.sent += 1
        texts = {"order": {"size": self.dice.choice([2, 6])}, "kind": self.dice.choice(KINDS), "n": f"{self.episode.prefix}{self.sent}"}
        message = {"Message": {"@json": texts} if self.dice.random() < 0.5 else f"plain {self.episode.prefix} {self.sent}"}
        if self.dice.random() < 0.7:
            message["MessageAttributes"] = attributes(self.dice, binary=False)
            if self.dice.random() < 0.3:
                message["MessageAttributes"]["tags"] = {"DataType": "String.Array", "StringValue": '["red", "blue"]'}
        if self.dice.random() < 0.3:
            message["Subject"] = "About something"
        if self.dice.random() < 0.2:
            words = f"for queues {self.episode.prefix}{self.sent}"
            message["Message"], message["MessageStructure"] = {"@json": {"default": f"for all {self.sent}", "sqs": words}}, "json"
        if self.fifo:
            message["MessageGroupId"] = self.dice.choice("ab")
        return message

    def publish(self):
        if self.sent < SENDS_MAX:
            self.call("Publish", **self.message())

    def publish_batch(self):
        count = min(self.dice.randint(1, 3), SENDS_MAX - self.sent)
        entries = [{"Id": f"e{number}", **self.message()} for number in range(count)]
        if entries:
            self.call("PublishBatch", PublishBatchRequestEntries=entries)

    def receive(self):
        given = {"MaxNumberOfMessages": 10, "WaitTimeSeconds": 1, "MessageSystemAttributeNames": ALL, "MessageAttributeNames": ALL}
        self.episode.call(self.dice.choice(self.queues), "ReceiveMessage", wait=0.509, **given)

    def subscription(self):
        return "${" + self.dice.choice(self.subscriptions) + ".SubscriptionArn}"

    def list(self):
        self.call("ListSubscriptionsByTopic")

    def read(self):
        self.call("GetSubscriptionAttributes", SubscriptionArn=self.subscription())

    def set(self):
        name, value = self.dice.choice([("RawMessageDelivery", "false"), ("RawMessageDelivery", "true")])
        self.call("SetSubscriptionAttributes", SubscriptionArn=self.subscription(), AttributeName=name, AttributeValue=value)

    def unsubscribe(self):
        self.call("Unsubscribe", SubscriptionArn=self.subscription())

    def read_topic(self):
        self.call("GetTopicAttributes")

    def set_topic(self):
        self.call("SetTopicAttributes", AttributeName="DisplayName", AttributeValue="Orders")

    def wrong(self):
        entry = {"Id": "a", "Message": "x", **({"MessageGroupId": "a"} if self.fifo else {})}
        action, given = self.dice.choice([
            ("PublishBatch", {"PublishBatchRequestEntries": [entry, entry]}),
            ("PublishBatch", {"PublishBatchRequestEntries": [{**entry, "Id": f"n{number}"} for number in range(11)]}),
            ("Publish", {**{key: value for key, value in entry.items() if key != "Id"}, "Message": "x" * 262_145}),
            ("Publish", {"Message": "x"} if self.fifo else {"Message": "x", "MessageDeduplicationId": "d"}),
            ("Publish", {**{key: value for key, value in entry.items() if key != "Id"}, "Subject": "s" * 101}),
            ("GetSubscriptionAttributes", {"SubscriptionArn": "arn:aws:sns:us-east-1:123456789012:nobody:1"}),
            ("SetSubscriptionAttributes", {"SubscriptionArn": self.subscription(), "AttributeName": "FilterPolicy",
                                           "AttributeValue": {"@json": self.dice.choice(WRONG_FILTERS)}}),
            ("SetSubscriptionAttributes", {"SubscriptionArn": self.subscription(), "AttributeName": "Colour", "AttributeValue": "red"}),
        ])
        self.call(action, **given)
