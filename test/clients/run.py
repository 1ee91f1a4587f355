"""Runs every test of the clients against the endpoint in ENDPOINT, prints what failed, and how many did not."""

import os
import subprocess
import sys
import tempfile
import traceback

import boto3
import botocore

import example
import firehose
import s3

endpoint = os.environ["ENDPOINT"]


def client(service):
    return boto3.client(service, endpoint_url=endpoint)


def aws(*arguments, input=None):
    command = [os.path.join(os.path.dirname(sys.executable), "aws"), "--endpoint-url", endpoint, *arguments]
    done = subprocess.run(command, input=input, capture_output=True, text=True)
    if done.returncode != 0:
        raise AssertionError(f"aws {' '.join(arguments)}: {done.returncode} {done.stdout}{done.stderr}")
    return done.stdout


def tests_of(suite):
    return [getattr(suite, name) for name in dir(suite) if name.startswith("test_")]


def main():
    bucket, stream = os.environ["BUCKET"], os.environ["STREAM"]
    print(f"boto3 {boto3.__version__}, botocore {botocore.__version__}, {aws('--version').split(' ')[0]}")
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        suites = {
            "S3 by boto3": s3.Boto3(client("s3"), bucket, folder),
            "S3 by the AWS CLI": s3.Cli(aws, bucket, folder),
            "Firehose by boto3": firehose.Boto3(client("firehose"), client("s3"), stream),
            "Firehose by the AWS CLI": firehose.Cli(aws, stream),
            "docs/ways/sdk.md": example.Example(client("firehose"), stream),
        }
        for name, suite in suites.items():
            passed = 0
            for test in tests_of(suite):
                try:
                    test()
                    passed += 1
                except Exception:
                    failed += 1
                    print(f"\nFAILED {name}: {test.__name__}\n{traceback.format_exc()}")
            print(f"{name}: {passed} of {len(tests_of(suite))}")
    return 1 if failed else 0


sys.exit(main())
