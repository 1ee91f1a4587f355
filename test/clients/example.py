"""The program for Python on docs/ways/sdk.md."""

import gzip
import json
import re


class RefusesFirst:
    """A client of Firehose that lets every other record of its first call pass, and says so as Firehose does."""

    def __init__(self, firehose):
        self.firehose = firehose
        self.calls = 0
        self.accepted = []

    def put_record_batch(self, DeliveryStreamName, Records):
        self.calls += 1
        taken = Records[::2] if self.calls == 1 else Records
        answer = self.firehose.put_record_batch(DeliveryStreamName=DeliveryStreamName, Records=taken)
        assert answer["FailedPutCount"] == 0, answer
        self.accepted += [each["Data"] for each in taken]
        if self.calls > 1:
            return answer
        refused = {"ErrorCode": "ServiceUnavailableException", "ErrorMessage": "Slow down."}
        said = [answer["RequestResponses"][at // 2] if at % 2 == 0 else refused for at in range(len(Records))]
        return {"FailedPutCount": len(Records) - len(taken), "RequestResponses": said}


class Example:
    def __init__(self, firehose, stream):
        self.firehose, self.stream = RefusesFirst(firehose), stream

    def test_every_line_arrives_once(self):
        with open("docs/ways/sdk.md", encoding="utf-8") as page:
            program = re.search(r"```python\n(.*?)```", page.read(), re.DOTALL).group(1)
        example = {}
        exec(program, example)
        example["firehose"] = self.firehose
        lines = [f"INFO order {n} {'paid ' * 30}" for n in range(20_000)]
        example["send_lines"](self.stream, "shop", lines)
        assert self.firehose.calls == 3, self.firehose.calls
        texts = b"".join(gzip.decompress(data) for data in self.firehose.accepted).splitlines()
        events = [json.loads(text) for text in texts]
        assert sorted(each["log"] for each in events) == sorted(lines)
        assert {each["service.name"] for each in events} == {"shop"}
