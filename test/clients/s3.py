"""boto3 and the AWS CLI against the S3 of a running `firesplit up`."""

import hashlib
import os

import botocore.exceptions
from boto3.s3.transfer import TransferConfig

MB = 1024 * 1024


def code_of(call, *args, **kwargs):
    """The error code of a call that must fail."""
    try:
        call(*args, **kwargs)
    except botocore.exceptions.ClientError as error:
        return error.response["Error"]["Code"]
    raise AssertionError(f"{call} did not fail")


def large_file(folder, name, size):
    path = os.path.join(folder, name)
    with open(path, "wb") as file:
        for block in range(0, size, MB):
            file.write(hashlib.sha256(str(block).encode()).digest() * (min(MB, size - block) // 32))
    return path


def digest(path):
    with open(path, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


class Boto3:
    """Every method is a test; `self.s3` is a client with boto3's defaults."""

    def __init__(self, s3, bucket, folder):
        self.s3, self.bucket, self.folder = s3, bucket, folder

    def put(self, key, body=b"body", **more):
        return self.s3.put_object(Bucket=self.bucket, Key=key, Body=body, **more)

    def get(self, key, **more):
        return self.s3.get_object(Bucket=self.bucket, Key=key, **more)

    def keys(self, **more):
        pages = self.s3.get_paginator("list_objects_v2").paginate(Bucket=self.bucket, **more)
        return [each["Key"] for page in pages for each in page.get("Contents", [])]

    def test_default_list_objects_v2(self):
        for key in ["list/a b+c", "list/ä&<>.json", "list/sub/x", "list//y", "list/"]:
            self.put(key)
        page = self.s3.list_objects_v2(Bucket=self.bucket, Prefix="list/")
        assert [each["Key"] for each in page["Contents"]] == ["list/", "list//y", "list/a b+c", "list/sub/x", "list/ä&<>.json"], page
        assert page["KeyCount"] == 5 and not page["IsTruncated"]

    def test_list_objects_of_version_1_page_by_page(self):
        for number in range(5):
            self.put(f"v1/{number % 3}/{number}")
        pages = self.s3.get_paginator("list_objects").paginate(Bucket=self.bucket, Prefix="v1/", Delimiter="/", PaginationConfig={"PageSize": 1})
        prefixes = [each["Prefix"] for page in pages for each in page.get("CommonPrefixes", [])]
        assert prefixes == ["v1/0/", "v1/1/", "v1/2/"], prefixes

    def test_list_page_by_page(self):
        expected = [f"pages/{number:02}" for number in range(7)]
        for key in expected:
            self.put(key)
        assert self.keys(Prefix="pages/", PaginationConfig={"PageSize": 3}) == expected

    def test_keys_that_are_no_paths(self):
        keys = ["odd/x1/../y1", "odd/a//b", "odd/dir/", "odd/pf", "odd/pf/x", "odd/" + "l" * 300, "odd/\u65e5\u672c/\U0001f525"]
        for key in keys:
            self.put(key, key.encode())
        assert sorted(self.keys(Prefix="odd/")) == sorted(keys)
        for key in keys:
            assert self.get(key)["Body"].read() == key.encode()

    def test_upload_file_and_download_file_in_parts(self):
        path = large_file(self.folder, "large", 20 * MB + 4096)
        self.s3.upload_file(path, self.bucket, "large", ExtraArgs={"Metadata": {"a": "b"}, "ContentType": "text/x-log"})
        head = self.s3.head_object(Bucket=self.bucket, Key="large")
        assert head["ETag"].endswith('-3"') and head["Metadata"] == {"a": "b"} and head["ContentType"] == "text/x-log", head
        self.s3.download_file(self.bucket, "large", path + ".back")
        assert digest(path) == digest(path + ".back")

    def test_copy_in_parts(self):
        path = large_file(self.folder, "copied", 12 * MB)
        self.s3.upload_file(path, self.bucket, "copied")
        source = {"Bucket": self.bucket, "Key": "copied"}
        self.s3.copy(source, self.bucket, "copy", Config=TransferConfig(multipart_threshold=5 * MB, multipart_chunksize=5 * MB))
        self.s3.download_file(self.bucket, "copy", path + ".copy")
        assert digest(path) == digest(path + ".copy")

    def test_copy_with_metadata(self):
        self.put("copy-source", b"x", Metadata={"a": "1"}, Tagging="t=1")
        self.s3.copy_object(Bucket=self.bucket, Key="copy-same", CopySource=f"{self.bucket}/copy-source")
        self.s3.copy_object(Bucket=self.bucket, Key="copy-other", CopySource=f"{self.bucket}/copy-source", MetadataDirective="REPLACE", Metadata={"b": "2"})
        assert self.get("copy-same")["Metadata"] == {"a": "1"} and self.get("copy-other")["Metadata"] == {"b": "2"}
        assert self.s3.get_object_tagging(Bucket=self.bucket, Key="copy-other")["TagSet"] == [{"Key": "t", "Value": "1"}]

    def test_conditional_put(self):
        self.put("once", b"first", IfNoneMatch="*")
        assert code_of(self.put, "once", b"second", IfNoneMatch="*") == "PreconditionFailed"
        etag = self.get("once")["ETag"]
        assert code_of(self.put, "once", b"second", IfMatch='"0"') == "PreconditionFailed"
        self.put("once", b"second", IfMatch=etag)
        assert self.get("once")["Body"].read() == b"second"

    def test_conditional_get_and_range(self):
        etag = self.put("read", b"0123456789")["ETag"]
        assert code_of(self.get, "read", IfNoneMatch=etag) == "304"
        assert code_of(self.get, "read", IfMatch='"0"') == "PreconditionFailed"
        assert self.get("read", Range="bytes=2-4")["Body"].read() == b"234"
        assert code_of(self.get, "read", Range="bytes=10-") == "InvalidRange"

    def test_tagging(self):
        self.put("tagged")
        tags = [{"Key": "team", "Value": "web"}]
        self.s3.put_object_tagging(Bucket=self.bucket, Key="tagged", Tagging={"TagSet": tags})
        assert self.s3.get_object_tagging(Bucket=self.bucket, Key="tagged")["TagSet"] == tags
        self.s3.delete_object_tagging(Bucket=self.bucket, Key="tagged")
        assert self.s3.get_object_tagging(Bucket=self.bucket, Key="tagged")["TagSet"] == []
        assert self.get("tagged")["Body"].read() == b"body"

    def test_checksums(self):
        for algorithm in ["CRC32", "CRC32C", "CRC64NVME", "SHA1", "SHA256"]:
            try:
                self.put("sums", b"x" * 1000, ChecksumAlgorithm=algorithm)
            except botocore.exceptions.MissingDependencyException:
                continue
            attributes = self.s3.get_object_attributes(Bucket=self.bucket, Key="sums", ObjectAttributes=["Checksum", "ETag", "ObjectSize"])
            assert f"Checksum{algorithm}" in attributes["Checksum"] and attributes["ObjectSize"] == 1000, attributes

    def test_delete_objects(self):
        keys = ["del/a", "del/b&c", "del/d e"]
        for key in keys:
            self.put(key)
        deleted = self.s3.delete_objects(Bucket=self.bucket, Delete={"Objects": [{"Key": key} for key in keys]})
        assert [each["Key"] for each in deleted["Deleted"]] == keys and self.keys(Prefix="del/") == []

    def test_uploads_are_listed_and_aborted(self):
        upload = self.s3.create_multipart_upload(Bucket=self.bucket, Key="half")["UploadId"]
        self.s3.upload_part(Bucket=self.bucket, Key="half", UploadId=upload, PartNumber=1, Body=b"part")
        assert [each["UploadId"] for each in self.s3.list_multipart_uploads(Bucket=self.bucket)["Uploads"]] == [upload]
        assert self.s3.list_parts(Bucket=self.bucket, Key="half", UploadId=upload)["Parts"][0]["Size"] == 4
        self.s3.abort_multipart_upload(Bucket=self.bucket, Key="half", UploadId=upload)
        assert "Uploads" not in self.s3.list_multipart_uploads(Bucket=self.bucket)
        assert code_of(self.get, "half") == "NoSuchKey"

    def test_presigned_urls(self):
        import urllib.request

        url = self.s3.generate_presigned_url("put_object", Params={"Bucket": self.bucket, "Key": "signed"})
        urllib.request.urlopen(urllib.request.Request(url, data=b"signed", method="PUT")).read()
        url = self.s3.generate_presigned_url("get_object", Params={"Bucket": self.bucket, "Key": "signed", "ResponseContentType": "text/x-y"})
        answer = urllib.request.urlopen(url)
        assert answer.read() == b"signed" and answer.headers["Content-Type"] == "text/x-y"

    def test_buckets(self):
        self.s3.create_bucket(Bucket="made-by-boto3")
        self.s3.head_bucket(Bucket="made-by-boto3")
        names = [each["Name"] for each in self.s3.list_buckets()["Buckets"]]
        assert "made-by-boto3" in names and self.bucket in names
        self.s3.put_object(Bucket="made-by-boto3", Key="a", Body=b"x")
        assert code_of(self.s3.delete_bucket, Bucket="made-by-boto3") == "BucketNotEmpty"
        self.s3.delete_object(Bucket="made-by-boto3", Key="a")
        self.s3.delete_bucket(Bucket="made-by-boto3")
        assert code_of(self.s3.head_bucket, Bucket="made-by-boto3") == "404"

    def test_what_is_not_implemented_is_refused(self):
        self.put("kept", b"kept")
        assert code_of(self.s3.put_object_acl, Bucket=self.bucket, Key="kept", ACL="public-read") == "NotImplemented"
        assert code_of(self.s3.delete_object, Bucket=self.bucket, Key="kept", VersionId="1") == "NotImplemented"
        assert code_of(self.s3.put_object, Bucket=self.bucket, Key="kept", Body=b"x", StorageClass="GLACIER") == "NotImplemented"
        assert self.get("kept")["Body"].read() == b"kept"


class Cli:
    """Every method is a test; `self.aws` runs the AWS CLI and gives back what it prints."""

    def __init__(self, aws, bucket, folder):
        self.aws, self.bucket, self.folder = aws, bucket, folder

    def local(self, name, text):
        path = os.path.join(self.folder, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w") as file:
            file.write(text)
        return path

    def test_ls(self):
        assert self.bucket in self.aws("s3", "ls")
        self.aws("s3", "cp", self.local("ls/file", "12345"), f"s3://{self.bucket}/cli-ls/sub/file")
        assert "PRE sub/" in self.aws("s3", "ls", f"s3://{self.bucket}/cli-ls/")
        assert " 5 cli-ls/sub/file" in self.aws("s3", "ls", f"s3://{self.bucket}/cli-ls/", "--recursive")

    def test_cp_there_and_back(self):
        path = self.local("cp/a b.txt", "text")
        self.aws("s3", "cp", path, f"s3://{self.bucket}/cli-cp/")
        self.aws("s3", "cp", f"s3://{self.bucket}/cli-cp/a b.txt", f"s3://{self.bucket}/cli-cp/copy")
        self.aws("s3", "cp", f"s3://{self.bucket}/cli-cp/copy", path + ".back")
        assert digest(path) == digest(path + ".back")

    def test_cp_in_parts(self):
        path = large_file(self.folder, "cli-large", 17 * MB)
        self.aws("s3", "cp", path, f"s3://{self.bucket}/cli-large")
        self.aws("s3", "cp", f"s3://{self.bucket}/cli-large", f"s3://{self.bucket}/cli-large-copy")
        self.aws("s3", "cp", f"s3://{self.bucket}/cli-large-copy", path + ".back")
        assert digest(path) == digest(path + ".back")

    def test_cp_from_standard_input(self):
        self.aws("s3", "cp", "-", f"s3://{self.bucket}/cli-stdin", input="from a pipe")
        assert self.aws("s3", "cp", f"s3://{self.bucket}/cli-stdin", "-") == "from a pipe"

    def test_sync_sends_what_changed_only(self):
        for name in ["sync/a", "sync/sub/b"]:
            self.local(name, name)
        there = f"s3://{self.bucket}/cli-sync/"
        assert self.aws("s3", "sync", os.path.join(self.folder, "sync"), there).count("upload:") == 2
        assert self.aws("s3", "sync", os.path.join(self.folder, "sync"), there) == ""
        back = os.path.join(self.folder, "synced")
        assert self.aws("s3", "sync", there, back).count("download:") == 2
        os.remove(os.path.join(self.folder, "sync", "a"))
        assert "delete:" in self.aws("s3", "sync", os.path.join(self.folder, "sync"), there, "--delete")

    def test_mv_and_rm(self):
        self.aws("s3", "cp", self.local("mv/a", "a"), f"s3://{self.bucket}/cli-mv/a")
        self.aws("s3", "mv", f"s3://{self.bucket}/cli-mv/a", f"s3://{self.bucket}/cli-mv/b")
        assert "cli-mv/a" not in self.aws("s3", "ls", f"s3://{self.bucket}/cli-mv/", "--recursive")
        self.aws("s3", "rm", f"s3://{self.bucket}/cli-mv/", "--recursive")
        assert "cli-mv" not in self.aws("s3", "ls", f"s3://{self.bucket}/")

    def test_mb_and_rb(self):
        self.aws("s3", "mb", "s3://made-by-cli")
        self.aws("s3", "cp", self.local("mb/a", "a"), "s3://made-by-cli/a")
        self.aws("s3", "rb", "s3://made-by-cli", "--force")
        assert "made-by-cli" not in self.aws("s3", "ls")

    def test_s3api(self):
        body = self.local("api/a", "body")
        self.aws("s3api", "put-object", "--bucket", self.bucket, "--key", "cli-api", "--body", body, "--if-none-match", "*")
        assert '"ContentLength": 4' in self.aws("s3api", "head-object", "--bucket", self.bucket, "--key", "cli-api")
        assert '"cli-api"' in self.aws("s3api", "list-objects-v2", "--bucket", self.bucket, "--prefix", "cli-api")
