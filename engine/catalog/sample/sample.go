// Package sample is a small catalogue for tests, written by hand: some of the
// actions, resource types and keys of some services, as AWS documents them.
package sample

import (
	"cmp"
	"slices"
	"strings"

	"github.com/iam-playground/iam-playground/engine/catalog"
)

// Date is the sample's day.
const Date = "2026-01-02"

// Text is the sample as [catalog.Load] reads it.
func Text() string {
	text, err := catalog.Encode(Date, Services())
	if err != nil {
		panic(err) // what is below does not fit
	}
	return text
}

// Catalog is the sample, loaded.
func Catalog() *catalog.Catalog {
	c, err := catalog.Load(Text())
	if err != nil {
		panic(err) // Encode and Load do not fit
	}
	return c
}

// Services are the sample's services, in order.
func Services() []catalog.Service {
	return []catalog.Service{
		service("dynamodb", "Amazon DynamoDB", rcp, "aws:ResourceTag/${TagKey} aws:RequestTag/${TagKey} aws:TagKeys* dynamodb:Attributes* dynamodb:LeadingKeys* dynamodb:Select",
			types{{"table", "arn:${Partition}:dynamodb:${Region}:${Account}:table/${TableName}", "aws:ResourceTag/${TagKey}"},
				{"index", "arn:${Partition}:dynamodb:${Region}:${Account}:table/${TableName}/index/${IndexName}", ""}},
			actions{
				{"BatchGetItem", catalog.Read, "table!", "dynamodb:Attributes dynamodb:LeadingKeys dynamodb:Select", ""},
				{"CreateTable", catalog.Write, "table!", "aws:RequestTag/${TagKey} aws:TagKeys", ""},
				{"DeleteItem", catalog.Write, "table!", "dynamodb:Attributes dynamodb:LeadingKeys", ""},
				{"DescribeTable", catalog.Read, "table!", "", ""},
				{"GetItem", catalog.Read, "table!", "dynamodb:Attributes dynamodb:LeadingKeys dynamodb:Select", ""},
				{"ListTables", catalog.List, "", "", ""},
				{"PutItem", catalog.Write, "table!", "dynamodb:Attributes dynamodb:LeadingKeys", ""},
				{"Query", catalog.Read, "table! index", "dynamodb:Attributes dynamodb:LeadingKeys dynamodb:Select", ""},
				{"Scan", catalog.Read, "table! index", "dynamodb:Attributes dynamodb:Select", ""},
				{"UpdateItem", catalog.Write, "table!", "dynamodb:Attributes dynamodb:LeadingKeys", ""},
			}),
		service("ec2", "Amazon EC2", plain, "aws:ResourceTag/${TagKey} aws:RequestTag/${TagKey} aws:TagKeys* ec2:CreateAction ec2:InstanceType ec2:Region ec2:ResourceTag/${TagKey} ec2:Vpc=ARN",
			types{{"image", "arn:${Partition}:ec2:${Region}::image/${ImageId}", "aws:ResourceTag/${TagKey} ec2:ResourceTag/${TagKey}"},
				{"instance", "arn:${Partition}:ec2:${Region}:${Account}:instance/${InstanceId}", "aws:ResourceTag/${TagKey} ec2:InstanceType ec2:ResourceTag/${TagKey}"},
				{"security-group", "arn:${Partition}:ec2:${Region}:${Account}:security-group/${SecurityGroupId}", "aws:ResourceTag/${TagKey} ec2:Vpc"},
				{"subnet", "arn:${Partition}:ec2:${Region}:${Account}:subnet/${SubnetId}", "aws:ResourceTag/${TagKey} ec2:Vpc"},
				{"volume", "arn:${Partition}:ec2:${Region}:${Account}:volume/${VolumeId}", "aws:ResourceTag/${TagKey}"}},
			actions{
				{"CreateTags", catalog.Tagging, "image instance security-group subnet volume", "aws:RequestTag/${TagKey} aws:TagKeys ec2:CreateAction ec2:Region", ""},
				{"DescribeInstances", catalog.List, "", "ec2:Region", ""},
				{"DescribeSubnets", catalog.List, "", "ec2:Region", ""},
				{"RunInstances", catalog.Write, "image! instance! security-group! subnet volume", "aws:RequestTag/${TagKey} aws:TagKeys ec2:Region", "ec2:CreateTags iam:PassRole"},
				{"StartInstances", catalog.Write, "instance!", "ec2:Region", ""},
				{"StopInstances", catalog.Write, "instance!", "ec2:Region", ""},
				{"TerminateInstances", catalog.Write, "instance!", "ec2:Region", ""},
			}),
		service("iam", "AWS Identity and Access Management", plain, "aws:ResourceTag/${TagKey} aws:RequestTag/${TagKey} aws:TagKeys* iam:AWSServiceName iam:AssociatedResourceArn=ARN iam:PassedToService iam:PermissionsBoundary=ARN iam:PolicyARN=ARN iam:ResourceTag/${TagKey}",
			types{{"group", "arn:${Partition}:iam::${Account}:group/${GroupNameWithPath}", ""},
				{"policy", "arn:${Partition}:iam::${Account}:policy/${PolicyNameWithPath}", "aws:ResourceTag/${TagKey}"},
				{"role", "arn:${Partition}:iam::${Account}:role/${RoleNameWithPath}", "aws:ResourceTag/${TagKey} iam:ResourceTag/${TagKey}"},
				{"user", "arn:${Partition}:iam::${Account}:user/${UserNameWithPath}", "aws:ResourceTag/${TagKey} iam:ResourceTag/${TagKey}"}},
			actions{
				{"AttachRolePolicy", catalog.PermissionsManagement, "role!", "iam:PermissionsBoundary iam:PolicyARN", ""},
				{"ChangePassword", catalog.Write, "user!", "", ""},
				{"CreateRole", catalog.Write, "role!", "aws:RequestTag/${TagKey} aws:TagKeys iam:PermissionsBoundary", ""},
				{"CreateServiceLinkedRole", catalog.Write, "role!", "iam:AWSServiceName", ""},
				{"CreateUser", catalog.Write, "user!", "aws:RequestTag/${TagKey} aws:TagKeys iam:PermissionsBoundary", ""},
				{"GetRole", catalog.Read, "role!", "", ""},
				{"GetUser", catalog.Read, "user!", "", ""},
				{"ListRoles", catalog.List, "", "", ""},
				{"ListUsers", catalog.List, "", "", ""},
				{"PassRole+", catalog.Write, "role!", "iam:AssociatedResourceArn iam:PassedToService", ""},
				{"PutUserPolicy", catalog.PermissionsManagement, "user!", "iam:PermissionsBoundary", ""},
				{"TagRole", catalog.Tagging, "role!", "aws:RequestTag/${TagKey} aws:TagKeys", ""},
			}),
		service("kms", "AWS Key Management Service", rcp, "aws:ResourceTag/${TagKey} kms:CallerAccount kms:EncryptionContext:${EncryptionContextKey} kms:GrantIsForAWSResource=Bool kms:ResourceAliases* kms:ViaService",
			types{{"alias", "arn:${Partition}:kms:${Region}:${Account}:alias/${Alias}", ""},
				{"key", "arn:${Partition}:kms:${Region}:${Account}:key/${KeyId}", "aws:ResourceTag/${TagKey} kms:ResourceAliases"}},
			actions{
				{"CreateGrant", catalog.PermissionsManagement, "key!", "kms:CallerAccount kms:EncryptionContext:${EncryptionContextKey} kms:GrantIsForAWSResource kms:ViaService", ""},
				{"Decrypt", catalog.Write, "key!", "kms:CallerAccount kms:EncryptionContext:${EncryptionContextKey} kms:ViaService", ""},
				{"DescribeKey", catalog.Read, "key!", "kms:CallerAccount kms:ViaService", ""},
				{"Encrypt", catalog.Write, "key!", "kms:CallerAccount kms:EncryptionContext:${EncryptionContextKey} kms:ViaService", ""},
				{"ListKeys", catalog.List, "", "", ""},
				{"PutKeyPolicy", catalog.PermissionsManagement, "key!", "kms:CallerAccount kms:ViaService", ""},
			}),
		service("lambda", "AWS Lambda", plain, "aws:ResourceTag/${TagKey} aws:RequestTag/${TagKey} aws:TagKeys* lambda:FunctionArn=ARN lambda:Layer* lambda:Principal lambda:SecurityGroupIds* lambda:VpcIds*",
			types{{"function", "arn:${Partition}:lambda:${Region}:${Account}:function:${FunctionName}", "aws:ResourceTag/${TagKey}"}},
			actions{
				{"AddPermission", catalog.PermissionsManagement, "function!", "lambda:Principal", ""},
				{"CreateFunction", catalog.Write, "function!", "aws:RequestTag/${TagKey} aws:TagKeys lambda:Layer lambda:SecurityGroupIds lambda:VpcIds", "iam:PassRole"},
				{"GetFunction", catalog.Read, "function!", "", ""},
				{"InvokeAsync", catalog.Write, "function!", "", ""},
				{"InvokeFunction", catalog.Write, "function!", "", ""},
				{"ListFunctions", catalog.List, "", "", ""},
			}),
		service("organizations", "AWS Organizations", plain, "organizations:PolicyType organizations:ServicePrincipal",
			types{{"account", "arn:${Partition}:organizations::${Account}:account/o-${OrganizationId}/${AccountId}", ""},
				{"policy", "arn:${Partition}:organizations::${Account}:policy/o-${OrganizationId}/${PolicyType}/p-${PolicyId}", ""}},
			actions{
				{"AttachPolicy", catalog.Write, "policy! account", "organizations:PolicyType", ""},
				{"DescribeOrganization", catalog.Read, "", "", ""},
				{"LeaveOrganization", catalog.Write, "", "", ""},
				{"ListAccounts", catalog.List, "", "", ""},
			}),
		service("s3", "Amazon S3", rcp, "aws:ResourceTag/${TagKey} s3:ExistingObjectTag/${TagKey} s3:ResourceAccount s3:TlsVersion=Numeric s3:VersionId s3:delimiter s3:max-keys=Numeric s3:object-lock-retain-until-date=Date s3:prefix s3:signatureAge=Numeric s3:x-amz-acl s3:x-amz-server-side-encryption",
			types{{"accesspointobject", "arn:${Partition}:s3:${Region}:${Account}:accesspoint/${AccessPointName}/object/${ObjectName}", ""},
				{"bucket", "arn:${Partition}:s3:::${BucketName}", "aws:ResourceTag/${TagKey}"},
				{"object", "arn:${Partition}:s3:::${BucketName}/${ObjectName}", ""}},
			actions{
				{"CreateBucket", catalog.Write, "bucket!", "s3:x-amz-acl", ""},
				{"DeleteBucket", catalog.Write, "bucket!", "s3:ResourceAccount", ""},
				{"DeleteObject", catalog.Write, "accesspointobject object", "s3:ResourceAccount s3:TlsVersion", ""},
				{"GetBucketPolicy", catalog.Read, "bucket!", "s3:ResourceAccount", ""},
				{"GetObject", catalog.Read, "accesspointobject object", "s3:ExistingObjectTag/${TagKey} s3:ResourceAccount s3:TlsVersion s3:signatureAge", ""},
				{"GetObjectVersion", catalog.Read, "accesspointobject object", "s3:ExistingObjectTag/${TagKey} s3:ResourceAccount s3:TlsVersion s3:VersionId", ""},
				{"ListAllMyBuckets", catalog.List, "", "s3:ResourceAccount", ""},
				{"ListBucket", catalog.List, "bucket!", "s3:ResourceAccount s3:delimiter s3:max-keys s3:prefix", ""},
				{"PutBucketPolicy", catalog.PermissionsManagement, "bucket!", "s3:ResourceAccount", ""},
				{"PutObject", catalog.Write, "accesspointobject object", "s3:ResourceAccount s3:TlsVersion s3:object-lock-retain-until-date s3:x-amz-acl s3:x-amz-server-side-encryption", ""},
				{"PutObjectTagging", catalog.Tagging, "accesspointobject object", "s3:ExistingObjectTag/${TagKey} s3:ResourceAccount", ""},
			}),
		service("secretsmanager", "AWS Secrets Manager", rcp, "aws:ResourceTag/${TagKey} secretsmanager:BlockPublicPolicy=Bool secretsmanager:RecoveryWindowInDays=Numeric secretsmanager:SecretId=ARN secretsmanager:VersionStage",
			types{{"Secret", "arn:${Partition}:secretsmanager:${Region}:${Account}:secret:${SecretId}", "aws:ResourceTag/${TagKey}"}},
			actions{
				{"DeleteSecret", catalog.Write, "Secret!", "secretsmanager:RecoveryWindowInDays secretsmanager:SecretId", ""},
				{"GetSecretValue", catalog.Read, "Secret!", "secretsmanager:SecretId secretsmanager:VersionStage", ""},
				{"ListSecrets", catalog.List, "", "", ""},
				{"PutResourcePolicy", catalog.PermissionsManagement, "Secret!", "secretsmanager:BlockPublicPolicy secretsmanager:SecretId", ""},
			}),
		service("sns", "Amazon SNS", plain, "aws:ResourceTag/${TagKey} sns:Endpoint sns:Protocol",
			types{{"topic", "arn:${Partition}:sns:${Region}:${Account}:${TopicName}", "aws:ResourceTag/${TagKey}"}},
			actions{
				{"ListTopics", catalog.List, "", "", ""},
				{"Publish", catalog.Write, "topic!", "", ""},
				{"Subscribe", catalog.Write, "topic!", "sns:Endpoint sns:Protocol", ""},
			}),
		service("sqs", "Amazon SQS", rcp, "aws:ResourceTag/${TagKey}",
			types{{"queue", "arn:${Partition}:sqs:${Region}:${Account}:${QueueName}", "aws:ResourceTag/${TagKey}"}},
			actions{
				{"ListQueues", catalog.Read, "", "", ""},
				{"ReceiveMessage", catalog.Read, "queue!", "", ""},
				{"SendMessage", catalog.Write, "queue!", "", ""},
			}),
		service("sts", "AWS Security Token Service", rcp, "aws:RequestTag/${TagKey} aws:TagKeys* saml:aud sts:DurationSeconds=Numeric sts:ExternalId sts:RoleSessionName sts:SourceIdentity sts:TransitiveTagKeys* token.actions.githubusercontent.com:sub",
			types{{"role", "arn:${Partition}:iam::${Account}:role/${RoleNameWithPath}", ""}},
			actions{
				{"AssumeRole", catalog.Write, "role!", "aws:RequestTag/${TagKey} aws:TagKeys sts:ExternalId sts:RoleSessionName sts:SourceIdentity sts:TransitiveTagKeys", ""},
				{"AssumeRoleWithSAML", catalog.Write, "role!", "saml:aud sts:DurationSeconds", ""},
				{"AssumeRoleWithWebIdentity", catalog.Write, "role!", "sts:DurationSeconds token.actions.githubusercontent.com:sub", ""},
				{"GetCallerIdentity", catalog.Read, "", "", ""},
				{"TagSession", catalog.Tagging, "role", "aws:RequestTag/${TagKey} aws:TagKeys sts:TransitiveTagKeys", ""},
			}),
	}
}

const rcp, plain = true, false

// Lists are separated by spaces. A key is a name, "*" when it has several
// values, and "=" with its type unless that is String; a resource type that is
// required has a "!", an action that is only a permission a "+".
type (
	types   []struct{ name, arn, keys string }
	actions []struct {
		name                       string
		level                      catalog.Level
		resources, keys, dependent string
	}
)

func service(prefix, name string, rcp bool, keys string, types types, actions actions) catalog.Service {
	s := catalog.Service{Prefix: prefix, Name: name, RCP: rcp}
	for _, k := range sorted(keys) {
		name, of, _ := strings.Cut(k, "=")
		name, multi := strings.CutSuffix(name, "*")
		key := catalog.Key{Name: name, Multi: multi}
		for t := catalog.String; int(t) < catalog.KeyTypes; t++ {
			if t.String() == of {
				key.Type = t
			}
		}
		s.Keys = append(s.Keys, key)
	}
	slices.SortFunc(s.Keys, func(a, b catalog.Key) int { return cmp.Compare(a.Name, b.Name) })
	for _, t := range types {
		s.ResourceTypes = append(s.ResourceTypes, catalog.ResourceType{Name: t.name, ARN: t.arn, Keys: sorted(t.keys)})
	}
	slices.SortFunc(s.ResourceTypes, func(a, b catalog.ResourceType) int { return cmp.Compare(a.Name, b.Name) })
	for _, a := range actions {
		action := catalog.Action{Level: a.level, Keys: sorted(a.keys), Dependent: sorted(a.dependent)}
		action.Name, action.PermissionOnly = strings.CutSuffix(a.name, "+")
		for _, r := range sorted(a.resources) {
			name, required := strings.CutSuffix(r, "!")
			action.Resources = append(action.Resources, catalog.ActionResource{Type: s.ResourceType(name), Required: required})
		}
		s.Actions = append(s.Actions, action)
	}
	return s
}

// sorted is a list's parts, in order; nil when it is empty.
func sorted(list string) []string {
	parts := strings.Fields(list)
	slices.Sort(parts)
	if len(parts) == 0 {
		return nil
	}
	return parts
}
