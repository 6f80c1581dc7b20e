/** prefixes are services whose name in CloudTrail is not their prefix in policies. */
const prefixes: Readonly<Record<string, string>> = {
  monitoring: "cloudwatch",
  email: "ses",
  tagging: "tag",
  cloudcontrolapi: "cloudformation",
  "streams.dynamodb": "dynamodb",
  "models.lex": "lex",
  "runtime.lex": "lex",
  "data.iot": "iot",
  "data.jobs.iot": "iotjobsdata",
  "runtime.sagemaker": "sagemaker",
  "bedrock-runtime": "bedrock",
  "bedrock-agent": "bedrock",
  "transcribestreaming": "transcribe",
  "api.pricing": "pricing",
  "entitlement.marketplace": "aws-marketplace",
  "metering.marketplace": "aws-marketplace",
};

/** exceptions are calls whose action has another name. */
const exceptions: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  s3: {
    ListBuckets: "ListAllMyBuckets",
    ListObjects: "ListBucket",
    ListObjectsV2: "ListBucket",
    HeadBucket: "ListBucket",
    HeadObject: "GetObject",
    ListObjectVersions: "ListBucketVersions",
    ListMultipartUploads: "ListBucketMultipartUploads",
    ListParts: "ListMultipartUploadParts",
    CopyObject: "PutObject",
    PostObject: "PutObject",
    CreateMultipartUpload: "PutObject",
    InitiateMultipartUpload: "PutObject",
    UploadPart: "PutObject",
    UploadPartCopy: "PutObject",
    CompleteMultipartUpload: "PutObject",
    DeleteObjects: "DeleteObject",
    SelectObjectContent: "GetObject",
    GetBucketAccelerate: "GetAccelerateConfiguration",
    PutBucketAccelerate: "PutAccelerateConfiguration",
    GetBucketAnalytics: "GetAnalyticsConfiguration",
    GetBucketInventory: "GetInventoryConfiguration",
    GetBucketMetrics: "GetMetricsConfiguration",
    GetBucketCors: "GetBucketCORS",
    PutBucketCors: "PutBucketCORS",
    DeleteBucketCors: "PutBucketCORS",
    GetBucketEncryption: "GetEncryptionConfiguration",
    PutBucketEncryption: "PutEncryptionConfiguration",
    DeleteBucketEncryption: "PutEncryptionConfiguration",
    GetBucketLifecycle: "GetLifecycleConfiguration",
    GetBucketLifecycleConfiguration: "GetLifecycleConfiguration",
    PutBucketLifecycle: "PutLifecycleConfiguration",
    PutBucketLifecycleConfiguration: "PutLifecycleConfiguration",
    DeleteBucketLifecycle: "PutLifecycleConfiguration",
    GetBucketReplication: "GetReplicationConfiguration",
    PutBucketReplication: "PutReplicationConfiguration",
    DeleteBucketReplication: "PutReplicationConfiguration",
    GetBucketNotificationConfiguration: "GetBucketNotification",
    PutBucketNotificationConfiguration: "PutBucketNotification",
    GetPublicAccessBlock: "GetBucketPublicAccessBlock",
    PutPublicAccessBlock: "PutBucketPublicAccessBlock",
    DeletePublicAccessBlock: "PutBucketPublicAccessBlock",
    DeleteBucketTagging: "PutBucketTagging",
  },
  lambda: { Invoke: "InvokeFunction", InvokeWithResponseStream: "InvokeFunction" },
  dynamodb: { TransactGetItems: "GetItem", TransactWriteItems: "PutItem" },
  iot: { Publish: "Publish" },
};

/** verbs are the actions of services that name them after the HTTP method. */
const verbs: [RegExp, string][] = [
  [/^(Get|List|Describe|Export|Test)/, "GET"],
  [/^(Create|Generate)/, "POST"],
  [/^(Delete|Flush)/, "DELETE"],
  [/^Update/, "PATCH"],
  [/^(Put|Import|Tag)/, "PUT"],
];

/** actionOf gives the action that a call recorded by CloudTrail needs: of the same name, but for the known exceptions. */
export function actionOf(source: string, name: string): string {
  const host = source.replace(/\.amazonaws\.com(\.cn)?$/, "");
  const service = (Object.hasOwn(prefixes, host) ? prefixes[host] : undefined) ?? host;
  // Lambda and CloudFront write the version of their interface behind the name.
  const plain = service === "lambda" ? name.replace(/20\d{6}(v\d+)?$/, "") : service === "cloudfront" ? name.replace(/20\d\d_\d\d_\d\d$/, "") : name;
  if (service === "apigateway") return `apigateway:${verbs.find(([pattern]) => pattern.test(plain))?.[1] ?? "POST"}`;
  const table = Object.hasOwn(exceptions, service) ? exceptions[service]! : {};
  return `${service}:${Object.hasOwn(table, plain) ? table[plain]! : plain}`;
}
