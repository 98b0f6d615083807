"""What moto does otherwise than AWS and keeps on doing: an episode each, which ends when the difference has shown."""

from episode import Episode


def all_probes():
    probes = []
    for name, play in sorted(globals().items()):
        if name.startswith("probe_"):
            episode = Episode(name.removeprefix("probe_"), f"p{len(probes)}x")
            play(episode)
            probes.append(episode)
    return probes


FIFO = {"FifoQueue": True, "ContentBasedDeduplication": True}


def handle(receive, place=0):
    return "${" + f"{receive}.Messages[{place}].ReceiptHandle" + "}"


def send(episode, queue, *bodies, group="g"):
    for body in bodies:
        given = {"MessageGroupId": group} if episode.is_fifo(queue) else {}
        episode.call(queue, "SendMessage", MessageBody=body, **given)


def receive(episode, queue, most=10, wait=1.017, **given):
    return episode.call(queue, "ReceiveMessage", wait=wait, MaxNumberOfMessages=most, WaitTimeSeconds=1, **given)


def probe_late_change(episode):
    queue = episode.queue("q", VisibilityTimeout=2)
    send(episode, queue, "m")
    first = receive(episode, queue)
    episode.call(queue, "ChangeMessageVisibility", wait=3.011, ReceiptHandle=handle(first), VisibilityTimeout=30)
    receive(episode, queue)


def probe_late_delete_fifo(episode):
    queue = episode.queue("q", VisibilityTimeout=2, **FIFO)
    send(episode, queue, "m")
    first = receive(episode, queue)
    episode.call(queue, "DeleteMessage", wait=3.011, ReceiptHandle=handle(first))
    receive(episode, queue)


def probe_one_of_a_group_extended(episode):
    queue = episode.queue("q", VisibilityTimeout=5, **FIFO)
    send(episode, queue, "1", "2", "3")
    first = receive(episode, queue)
    episode.call(queue, "ChangeMessageVisibility", ReceiptHandle=handle(first, 1), VisibilityTimeout=60)
    receive(episode, queue, wait=6.013)


def probe_one_of_a_group_given_back(episode):
    queue = episode.queue("q", VisibilityTimeout=60, **FIFO)
    send(episode, queue, "1", "2")
    first = receive(episode, queue)
    episode.call(queue, "ChangeMessageVisibility", ReceiptHandle=handle(first), VisibilityTimeout=0)
    receive(episode, queue)


def probe_two_of_a_group_expired(episode):
    queue = episode.queue("q", VisibilityTimeout=3, **FIFO)
    send(episode, queue, "1", "2")
    receive(episode, queue)
    receive(episode, queue, wait=5.003, most=1)


def probe_dead_letters_in_order(episode):
    dead = episode.queue("d", **FIFO)
    queue = episode.queue("q", VisibilityTimeout=2, RedrivePolicy={"deadLetterTargetArn": f"@arn:{dead}", "maxReceiveCount": 1}, **FIFO)
    send(episode, queue, "m")
    receive(episode, queue)
    receive(episode, queue, wait=5.003)
    receive(episode, dead, MessageSystemAttributeNames=["All"])


def probe_protocols(episode):
    episode.call(episode.topic("t"), "Subscribe", Protocol="pigeon", Endpoint="loft")


def probe_fifo_topic(episode):
    topic = episode.topic("t", FifoTopic=True, ContentBasedDeduplication=True)
    queue, other = episode.queue("a", **FIFO), episode.queue("b")
    first = subscribe(episode, topic, queue)
    subscribe(episode, topic, other)
    episode.call(topic, "Publish", Message="m")
    episode.call(topic, "Publish", Message="m", MessageGroupId="g")
    entries = [{"Id": "e", "Message": "n", "MessageGroupId": "g"}]
    episode.call(topic, "PublishBatch", PublishBatchRequestEntries=entries)
    receive(episode, queue, MessageSystemAttributeNames=["All"])
    receive(episode, other, MessageSystemAttributeNames=["All"])
    episode.call(topic, "Unsubscribe", SubscriptionArn="${" + f"{first}.SubscriptionArn" + "}")
    episode.call(topic, "GetTopicAttributes")


def probe_group_after_group(episode):
    queue = episode.queue("q", **FIFO)
    send(episode, queue, "a1", group="a")
    send(episode, queue, "b1", group="b")
    send(episode, queue, "a2", group="a")
    receive(episode, queue, most=2)


def probe_duplicate_of_a_deleted(episode):
    queue = episode.queue("q", **FIFO)
    send(episode, queue, "m")
    first = receive(episode, queue)
    episode.call(queue, "DeleteMessage", ReceiptHandle=handle(first))
    send(episode, queue, "m")
    receive(episode, queue)


def probe_duplicates_by_group(episode):
    queue = episode.queue("q", DeduplicationScope="messageGroup", FifoThroughputLimit="perMessageGroupId", **FIFO)
    send(episode, queue, "m", group="a")
    send(episode, queue, "m", group="b")
    receive(episode, queue)


def probe_same_attempt(episode):
    queue = episode.queue("q", **FIFO)
    send(episode, queue, "m")
    receive(episode, queue, ReceiveRequestAttemptId="one")
    receive(episode, queue, ReceiveRequestAttemptId="one")


def probe_later_delay(episode):
    queue = episode.queue("q", DelaySeconds=20, **FIFO)
    send(episode, queue, "m")
    episode.call(queue, "SetQueueAttributes", Attributes={"DelaySeconds": "0"})
    receive(episode, queue)


def probe_twelve_hours(episode):
    queue = episode.queue("q")
    send(episode, queue, "m")
    first = receive(episode, queue, wait=1_000.007)
    episode.call(queue, "ChangeMessageVisibility", ReceiptHandle=handle(first), VisibilityTimeout=43_190)


def probe_retention(episode):
    queue = episode.queue("q", MessageRetentionPeriod=60)
    send(episode, queue, "m")
    episode.call(queue, "GetQueueAttributes", wait=100.003, AttributeNames=["ApproximateNumberOfMessages"])


def probe_attribute_values(episode):
    queue = episode.queue("q")
    for name, value in [("VisibilityTimeout", "50000"), ("DelaySeconds", "901"), ("MessageRetentionPeriod", "59"),
                        ("ReceiveMessageWaitTimeSeconds", "21"), ("MaximumMessageSize", "1023"), ("Colour", "red")]:
        episode.call(queue, "SetQueueAttributes", Attributes={name: value})


def probe_redrive_permission(episode):
    dead = episode.queue("d", RedriveAllowPolicy={"redrivePermission": "denyAll"})
    queue = episode.queue("q")
    policy = {"deadLetterTargetArn": f"@arn:{dead}", "maxReceiveCount": 2}
    episode.call(queue, "SetQueueAttributes", Attributes={"RedrivePolicy": {"@json": policy}})
    episode.call(dead, "GetQueueAttributes", AttributeNames=["RedriveAllowPolicy"])


def probe_redrive_types(episode):
    dead = episode.queue("d", **FIFO)
    queue = episode.queue("q")
    policy = {"deadLetterTargetArn": f"@arn:{dead}", "maxReceiveCount": 2}
    episode.call(queue, "SetQueueAttributes", Attributes={"RedrivePolicy": {"@json": policy}})


def probe_redrive_target(episode):
    queue = episode.queue("q")
    for policy in [{"deadLetterTargetArn": "arn:aws:sqs:us-east-1:123456789012:nobody", "maxReceiveCount": 2},
                   {"deadLetterTargetArn": f"@arn:{queue}", "maxReceiveCount": 0}]:
        episode.call(queue, "SetQueueAttributes", Attributes={"RedrivePolicy": {"@json": policy}})


def probe_move_task(episode):
    dead = episode.queue("d")
    episode.queue("q", RedrivePolicy={"deadLetterTargetArn": f"@arn:{dead}", "maxReceiveCount": 1})
    episode.call(dead, "StartMessageMoveTask", SourceArn=f"@arn:{dead}")
    episode.call(dead, "ListMessageMoveTasks", SourceArn=f"@arn:{dead}")


def probe_characters(episode):
    queue = episode.queue("q")
    send(episode, queue, "a\ufffe")
    send(episode, queue, "")


def probe_many_attributes(episode):
    queue = episode.queue("q")
    eleven = {f"a{number}": {"DataType": "String", "StringValue": "x"} for number in range(11)}
    episode.call(queue, "SendMessage", MessageBody="m", MessageAttributes=eleven)
    for attribute in ({"AWS.x": {"DataType": "String", "StringValue": "x"}}, {"n": {"DataType": "Number", "StringValue": "ten"}},
                      {"e": {"DataType": "String", "StringValue": ""}}, {"a b": {"DataType": "String", "StringValue": "x"}}):
        episode.call(queue, "SendMessage", MessageBody="m", MessageAttributes=attribute)


def probe_size_with_attributes(episode):
    queue = episode.queue("q", MaximumMessageSize=1_024)
    attributes = {"a": {"DataType": "String", "StringValue": "x" * 100}}
    episode.call(queue, "SendMessage", MessageBody="x" * 1_000, MessageAttributes=attributes)
    entries = [{"Id": name, "MessageBody": "é" * 300_000} for name in ("a", "b")]
    episode.call(episode.queue("r"), "SendMessageBatch", Entries=entries)


def probe_batch_in_part(episode):
    queue, fifo = episode.queue("q"), episode.queue("f", **FIFO)
    entries = [{"Id": "good", "MessageBody": "1"}, {"Id": "late", "MessageBody": "2", "DelaySeconds": 901}]
    episode.call(queue, "SendMessageBatch", Entries=entries)
    receive(episode, queue)
    entries = [{"Id": "good", "MessageBody": "1", "MessageGroupId": "g"}, {"Id": "alone", "MessageBody": "2"}]
    episode.call(fifo, "SendMessageBatch", Entries=entries)
    receive(episode, fifo)


def probe_fifo_parameters(episode):
    plain = episode.queue("p", FifoQueue=True)
    content, standard = episode.queue("c", **FIFO), episode.queue("s")
    episode.call(plain, "SendMessage", MessageBody="m", MessageDeduplicationId="d")
    episode.call(plain, "SendMessage", MessageBody="m", MessageGroupId="g")
    episode.call(content, "SendMessage", MessageBody="m")
    episode.call(content, "SendMessage", MessageBody="m", MessageGroupId="g", DelaySeconds=5)
    episode.call(content, "SendMessage", MessageBody="m", MessageGroupId="g" * 129)
    episode.call(standard, "SendMessage", MessageBody="m", MessageDeduplicationId="d")
    episode.call(standard, "SendMessage", MessageBody="late", DelaySeconds=901)


def probe_deleted_queue(episode):
    queue = episode.queue("q")
    send(episode, queue, "m")
    episode.call(queue, "DeleteQueue")
    send(episode, queue, "m")
    receive(episode, queue)
    episode.call(queue, "GetQueueAttributes", AttributeNames=["All"])


def subscribe(episode, topic, queue, **attributes):
    given = {"Attributes": attributes} if attributes else {}
    return episode.call(topic, "Subscribe", Protocol="sqs", Endpoint=f"@arn:{queue}", ReturnSubscriptionArn=True, **given)


def probe_topic_duplicates(episode):
    topic = episode.topic("t", FifoTopic=True)
    queue = episode.queue("q")
    subscribe(episode, topic, queue, RawMessageDelivery="true")
    for _ in range(2):
        episode.call(topic, "Publish", Message="m", MessageGroupId="g", MessageDeduplicationId="d")
    receive(episode, queue)


def probe_topic_by_content(episode):
    topic = episode.topic("t", FifoTopic=True, ContentBasedDeduplication=True)
    queue = episode.queue("q", FifoQueue=True)
    subscribe(episode, topic, queue, RawMessageDelivery="true")
    episode.call(topic, "Publish", Message="m", MessageGroupId="g")
    receive(episode, queue)


def probe_raw_binary_attribute(episode):
    topic, queue = episode.topic("t"), episode.queue("q")
    subscribe(episode, topic, queue, RawMessageDelivery="true")
    episode.call(topic, "Publish", Message="m", MessageAttributes={"raw": {"DataType": "Binary", "BinaryValue": "aGVsbG8="}})
    receive(episode, queue, MessageAttributeNames=["All"])


def probe_or_in_a_body(episode):
    topic, queue = episode.topic("t"), episode.queue("q")
    policy = {"$or": [{"kind": ["order"]}, {"size": [{"numeric": ["<", 3]}]}]}
    subscribe(episode, topic, queue, RawMessageDelivery="true", FilterPolicyScope="MessageBody", FilterPolicy={"@json": policy})
    episode.call(topic, "Publish", Message='{"kind": "order", "size": 5}')
    receive(episode, queue)


def probe_letters_of_any_case(episode):
    topic, queue = episode.topic("t"), episode.queue("q")
    policy = {"kind": [{"equals-ignore-case": "ORDER"}]}
    subscribe(episode, topic, queue, RawMessageDelivery="true", FilterPolicy={"@json": policy})
    episode.call(topic, "Publish", Message="m", MessageAttributes={"kind": {"DataType": "String", "StringValue": "order"}})
    receive(episode, queue)


def probe_raw_with_many_attributes(episode):
    topic, queue = episode.topic("t"), episode.queue("q")
    subscribe(episode, topic, queue, RawMessageDelivery="true")
    eleven = {f"a{number}": {"DataType": "String", "StringValue": "x"} for number in range(11)}
    episode.call(topic, "Publish", Message="m", MessageAttributes=eleven)
    receive(episode, queue)


def probe_subscribed_twice(episode):
    topic, queue = episode.topic("t"), episode.queue("q")
    subscribe(episode, topic, queue)
    subscribe(episode, topic, queue)
    subscribe(episode, topic, queue, RawMessageDelivery="true")


def probe_wrong_publishes(episode):
    topic = episode.topic("t")
    episode.call(topic, "Publish", Message="")
    episode.call(topic, "Publish", Message="m", Subject="two\nlines")
    episode.call(topic, "Publish", Message="m", Subject="s" * 100)
    episode.call(topic, "Publish", Message="no JSON", MessageStructure="json")
    episode.call(topic, "Publish", Message='{"sqs": "m"}', MessageStructure="json")
    episode.call(topic, "PublishBatch", PublishBatchRequestEntries=[])


def probe_fifo_queue_of_a_standard_topic(episode):
    topic, queue = episode.topic("t"), episode.queue("q", **FIFO)
    subscribe(episode, topic, queue)


def probe_deleted_topic(episode):
    topic = episode.topic("t")
    episode.call(topic, "DeleteTopic")
    episode.call(topic, "Publish", Message="m")
    episode.call(topic, "GetTopicAttributes")
