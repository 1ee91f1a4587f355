import type { Upload } from '../../../store/multipartUploads.js';
import { bucketNamed, type S3Operation } from '../../backend.js';
import type { Elements } from '../../elements.js';
import { isoSeconds, quoted } from '../../objectHeaders.js';
import { xmlReply } from '../../xml.js';
import { checkEncodingType, countParameter, encoder, owner } from '../listObjects.js';
import { uploadOf } from './upload.js';

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListParts.html */
export const listParts: S3Operation = {
  name: 'ListParts',
  method: 'GET',
  on: 'object',
  marks: ['uploadId'],
  parameters: ['max-parts', 'part-number-marker'],
  async run(request, backend) {
    const { bucket: name, key, query } = request;
    const { bucket, upload } = await uploadOf(request, backend);
    const max = countParameter(query, 'max-parts', 'max-parts');
    const marker = Number(query.get('part-number-marker') ?? 0);
    const left = (await bucket.uploads.parts(upload)).filter(({ number }) => number > marker);
    const page = left.slice(0, max);
    const { algorithm, type, named } = upload.checksum;
    return xmlReply(200, 'ListPartsResult', {
      Bucket: name,
      Key: key,
      UploadId: upload.id,
      Initiator: owner,
      Owner: owner,
      StorageClass: 'STANDARD',
      PartNumberMarker: marker,
      NextPartNumberMarker: page.at(-1)?.number ?? 0,
      MaxParts: max,
      IsTruncated: left.length > page.length,
      ...(named ? { ChecksumAlgorithm: algorithm, ChecksumType: type } : {}),
      Part: page.map(({ number, etag, size, modified, checksums }) => ({
        PartNumber: number,
        LastModified: isoSeconds(modified),
        ETag: quoted(etag),
        Size: size,
        ...(named ? { [`Checksum${algorithm}`]: checksums[algorithm] } : {}),
      })),
    });
  },
};

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListMultipartUploads.html */
export const listMultipartUploads: S3Operation = {
  name: 'ListMultipartUploads',
  method: 'GET',
  on: 'bucket',
  marks: ['uploads'],
  parameters: ['prefix', 'key-marker', 'upload-id-marker', 'max-uploads', 'encoding-type'],
  async run({ bucket: name, query }, backend) {
    checkEncodingType(query);
    const bucket = await bucketNamed(backend, name);
    const [prefix, keyMarker, idMarker] = ['prefix', 'key-marker', 'upload-id-marker'].map(
      (each) => query.get(each) ?? '',
    );
    const max = countParameter(query, 'max-uploads', 'max-uploads');
    const uploads = await bucket.uploads.list();
    const after = uploads.findIndex(({ key, id }) => key === keyMarker && id === idMarker);
    const left = uploads.filter(
      ({ key }, index) => key.startsWith(prefix ?? '') && (after === -1 ? key > (keyMarker ?? '') : index > after),
    );
    const page = left.slice(0, max);
    const [encoded, last] = [encoder(query), page.at(-1)];
    return xmlReply(200, 'ListMultipartUploadsResult', {
      Bucket: name,
      KeyMarker: encoded(keyMarker ?? ''),
      UploadIdMarker: idMarker,
      ...(left.length > page.length && last ? { NextKeyMarker: encoded(last.key), NextUploadIdMarker: last.id } : {}),
      Prefix: encoded(prefix ?? ''),
      ...(query.has('encoding-type') ? { EncodingType: 'url' } : {}),
      MaxUploads: max,
      IsTruncated: left.length > page.length,
      Upload: page.map((upload) => uploadElements(upload, encoded)),
    });
  },
};

function uploadElements({ id, key, initiated, checksum }: Upload, encoded: (key: string) => string): Elements {
  return {
    Key: encoded(key),
    UploadId: id,
    Initiator: owner,
    Owner: owner,
    StorageClass: 'STANDARD',
    Initiated: isoSeconds(initiated),
    ...(checksum.named ? { ChecksumAlgorithm: checksum.algorithm, ChecksumType: checksum.type } : {}),
  };
}
