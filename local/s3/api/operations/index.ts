import type { S3Operation } from '../backend.js';
import {
  createBucket,
  deleteBucket,
  getBucketLocation,
  getBucketVersioning,
  headBucket,
  listBuckets,
} from './buckets.js';
import { copyObject } from './copyObject.js';
import { deleteObject, deleteObjects } from './deleteObjects.js';
import { getObject, headObject } from './getObject.js';
import { getObjectAttributes } from './getObjectAttributes.js';
import { listObjects, listObjectsV2 } from './listObjects.js';
import { abortMultipartUpload } from './multipart/abortUpload.js';
import { completeMultipartUpload } from './multipart/completeUpload.js';
import { createMultipartUpload } from './multipart/createUpload.js';
import { listMultipartUploads, listParts } from './multipart/listUploads.js';
import { uploadPart, uploadPartCopy } from './multipart/uploadPart.js';
import { deleteObjectTagging, getObjectTagging, putObjectTagging } from './objectTagging.js';
import { putObject } from './putObject.js';

/** All that the local S3 knows. */
export const operations: readonly S3Operation[] = [
  listBuckets,
  createBucket,
  headBucket,
  getBucketLocation,
  getBucketVersioning,
  deleteBucket,
  listObjectsV2,
  listObjects,
  putObject,
  copyObject,
  getObject,
  headObject,
  getObjectAttributes,
  deleteObject,
  deleteObjects,
  getObjectTagging,
  putObjectTagging,
  deleteObjectTagging,
  createMultipartUpload,
  uploadPart,
  uploadPartCopy,
  listParts,
  listMultipartUploads,
  completeMultipartUpload,
  abortMultipartUpload,
];
