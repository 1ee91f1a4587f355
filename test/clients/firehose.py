"""boto3 and the AWS CLI against the Firehose API of a running `firesplit up`."""

import base64
import json

from s3 import code_of

BUCKET = "arn:aws:s3:::made-by-clients"
ROLE = "arn:aws:iam::000000000000:role/any"


class Boto3:
    """Every method is a test; `self.firehose` is a client with boto3's defaults."""

    def __init__(self, firehose, s3, stream):
        self.firehose, self.s3, self.stream = firehose, s3, stream

    def test_describe(self):
        described = self.firehose.describe_delivery_stream(DeliveryStreamName=self.stream)["DeliveryStreamDescription"]
        assert described["DeliveryStreamStatus"] == "ACTIVE" and described["DeliveryStreamType"] == "DirectPut", described

    def test_put_record_and_batch(self):
        assert self.firehose.put_record(DeliveryStreamName=self.stream, Record={"Data": b'{"log":"one"}\n'})["RecordId"]
        batch = self.firehose.put_record_batch(DeliveryStreamName=self.stream, Records=[{"Data": b'{"log":"two"}\n'}] * 3)
        assert batch["FailedPutCount"] == 0 and len(batch["RequestResponses"]) == 3

    def test_a_stream_and_its_bucket(self):
        self.firehose.create_delivery_stream(
            DeliveryStreamName="made",
            ExtendedS3DestinationConfiguration={"RoleARN": ROLE, "BucketARN": BUCKET, "Prefix": "raw/"},
        )
        assert "made" in self.firehose.list_delivery_streams()["DeliveryStreamNames"]
        assert "made-by-clients" in [each["Name"] for each in self.s3.list_buckets()["Buckets"]]
        self.firehose.put_record(DeliveryStreamName="made", Record={"Data": b"a line\n"})
        self.firehose.tag_delivery_stream(DeliveryStreamName="made", Tags=[{"Key": "k", "Value": "v"}])
        assert self.firehose.list_tags_for_delivery_stream(DeliveryStreamName="made")["Tags"] == [{"Key": "k", "Value": "v"}]
        self.firehose.delete_delivery_stream(DeliveryStreamName="made")
        assert code_of(self.firehose.describe_delivery_stream, DeliveryStreamName="made") == "ResourceNotFoundException"

    def test_what_is_refused(self):
        assert code_of(self.firehose.put_record, DeliveryStreamName="none", Record={"Data": b"x"}) == "ResourceNotFoundException"
        assert code_of(self.firehose.put_record, DeliveryStreamName=self.stream, Record={"Data": b"x" * 1_024_001}) == "ValidationException"


class Cli:
    """Every method is a test; `self.aws` runs the AWS CLI and gives back what it prints."""

    def __init__(self, aws, stream):
        self.aws, self.stream = aws, stream

    def test_list_and_describe(self):
        assert self.stream in json.loads(self.aws("firehose", "list-delivery-streams"))["DeliveryStreamNames"]
        described = self.aws("firehose", "describe-delivery-stream", "--delivery-stream-name", self.stream)
        assert json.loads(described)["DeliveryStreamDescription"]["DeliveryStreamName"] == self.stream

    def test_put_record(self):
        data = base64.b64encode(b'{"log":"three"}\n').decode()
        record = json.dumps({"Data": data})
        # Version 1 of the CLI takes the data as it is, version 2 in base64: both are bytes to the stream.
        answer = self.aws("firehose", "put-record", "--delivery-stream-name", self.stream, "--record", record)
        assert json.loads(answer)["RecordId"]
