// Frequent actions offered while typing. Any other action can be typed; what the world itself uses is offered first.
const services: Record<string, string> = {
  s3: "AbortMultipartUpload CreateBucket DeleteBucket DeleteBucketPolicy DeleteObject GetBucketAcl GetBucketLocation GetBucketPolicy GetBucketVersioning GetObject GetObjectAcl GetObjectVersion ListAllMyBuckets ListBucket ListBucketVersions PutBucketPolicy PutObject PutObjectAcl RestoreObject",
  ec2: "AuthorizeSecurityGroupIngress CreateSecurityGroup CreateTags CreateVolume CreateVpc DeleteVolume DescribeImages DescribeInstances DescribeRegions DescribeSecurityGroups DescribeSubnets DescribeVpcs ModifyInstanceAttribute RebootInstances RunInstances StartInstances StopInstances TerminateInstances",
  iam: "AddUserToGroup AttachRolePolicy AttachUserPolicy ChangePassword CreateAccessKey CreatePolicy CreateRole CreateServiceLinkedRole CreateUser DeleteUser DetachRolePolicy GetPolicy GetRole GetUser ListRoles ListUsers PassRole PutRolePolicy PutUserPolicy UpdateAssumeRolePolicy",
  sts: "AssumeRole AssumeRoleWithSAML AssumeRoleWithWebIdentity GetCallerIdentity GetFederationToken GetSessionToken SetSourceIdentity TagSession",
  lambda: "CreateFunction DeleteFunction GetFunction InvokeFunction ListFunctions UpdateFunctionCode UpdateFunctionConfiguration",
  dynamodb: "BatchGetItem BatchWriteItem CreateTable DeleteItem DeleteTable DescribeTable GetItem ListTables PutItem Query Scan UpdateItem",
  kms: "CreateGrant CreateKey Decrypt DescribeKey Encrypt GenerateDataKey GetKeyPolicy ListKeys PutKeyPolicy ReEncryptFrom ReEncryptTo ScheduleKeyDeletion Sign Verify",
  sqs: "CreateQueue DeleteMessage DeleteQueue GetQueueAttributes ListQueues PurgeQueue ReceiveMessage SendMessage SetQueueAttributes",
  sns: "CreateTopic DeleteTopic ListTopics Publish Subscribe Unsubscribe",
  secretsmanager: "CreateSecret DeleteSecret DescribeSecret GetSecretValue ListSecrets PutSecretValue RotateSecret",
  ssm: "DescribeParameters GetParameter GetParameters PutParameter SendCommand StartSession",
  logs: "CreateLogGroup CreateLogStream DescribeLogGroups FilterLogEvents GetLogEvents PutLogEvents",
  cloudformation: "CreateStack DeleteStack DescribeStacks UpdateStack",
  codecommit: "GitPull GitPush GetRepository ListRepositories",
  organizations: "DescribeOrganization LeaveOrganization ListAccounts",
  rds: "CreateDBInstance DeleteDBInstance DescribeDBInstances StartDBInstance StopDBInstance",
};

export const commonActions: readonly string[] = Object.entries(services).flatMap(([service, names]) => names.split(" ").map((name) => `${service}:${name}`));

export const servicePrincipals: readonly string[] = [
  "ec2.amazonaws.com",
  "lambda.amazonaws.com",
  "s3.amazonaws.com",
  "sns.amazonaws.com",
  "events.amazonaws.com",
  "cloudtrail.amazonaws.com",
  "logging.s3.amazonaws.com",
];
