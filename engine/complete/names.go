package complete

// servicePrincipals are services that roles and resources trust most. Any other
// can be typed.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
var servicePrincipals = []string{
	"apigateway.amazonaws.com", "autoscaling.amazonaws.com", "backup.amazonaws.com", "batch.amazonaws.com", "bedrock.amazonaws.com",
	"cloudformation.amazonaws.com", "cloudfront.amazonaws.com", "cloudtrail.amazonaws.com", "cloudwatch.amazonaws.com", "codebuild.amazonaws.com",
	"codepipeline.amazonaws.com", "config.amazonaws.com", "delivery.logs.amazonaws.com", "ec2.amazonaws.com", "ecs-tasks.amazonaws.com",
	"ecs.amazonaws.com", "eks.amazonaws.com", "elasticloadbalancing.amazonaws.com", "events.amazonaws.com", "firehose.amazonaws.com",
	"glue.amazonaws.com", "guardduty.amazonaws.com", "iot.amazonaws.com", "lambda.amazonaws.com", "logging.s3.amazonaws.com", "logs.amazonaws.com",
	"pods.eks.amazonaws.com", "rds.amazonaws.com", "rolesanywhere.amazonaws.com", "s3.amazonaws.com", "sagemaker.amazonaws.com", "scheduler.amazonaws.com",
	"secretsmanager.amazonaws.com", "ses.amazonaws.com", "sns.amazonaws.com", "sqs.amazonaws.com", "ssm.amazonaws.com", "states.amazonaws.com", "vpc-flow-logs.amazonaws.com",
}

// regions are the Regions of AWS's standard partition that accounts can use.
//
// https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html
var regions = []string{
	"af-south-1", "ap-east-1", "ap-east-2", "ap-northeast-1", "ap-northeast-2", "ap-northeast-3", "ap-south-1", "ap-south-2", "ap-southeast-1", "ap-southeast-2",
	"ap-southeast-3", "ap-southeast-4", "ap-southeast-5", "ap-southeast-6", "ap-southeast-7", "ca-central-1", "ca-west-1", "eu-central-1", "eu-central-2", "eu-north-1",
	"eu-south-1", "eu-south-2", "eu-west-1", "eu-west-2", "eu-west-3", "il-central-1", "me-central-1", "me-south-1", "mx-central-1", "sa-east-1",
	"us-east-1", "us-east-2", "us-west-1", "us-west-2",
}
