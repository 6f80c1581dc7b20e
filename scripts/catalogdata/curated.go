package main

// curated names the managed policies whose documents are at hand without a
// further download: those that tutorials attach and that people meet first.
var curated = []string{
	// everything, or nearly
	"IAMAuditRootUserCredentials", "IAMCreateRootUserPassword", "IAMDeleteRootUserCredentials", "S3UnlockBucketPolicy",
	"SQSUnlockQueuePolicy",
	"AdministratorAccess", "PowerUserAccess", "ReadOnlyAccess", "SecurityAudit", "AWSDenyAll", "AWSCompromisedKeyQuarantineV3",

	// job functions
	"ViewOnlyAccess", "SupportUser", "Billing", "DatabaseAdministrator", "DataScientist", "NetworkAdministrator", "SystemAdministrator",

	// by service
	"IAMFullAccess", "IAMReadOnlyAccess", "IAMUserChangePassword",
	"AmazonS3FullAccess", "AmazonS3ReadOnlyAccess",
	"AmazonEC2FullAccess", "AmazonEC2ReadOnlyAccess",
	"AmazonVPCFullAccess", "AmazonVPCReadOnlyAccess",
	"AWSLambda_FullAccess", "AWSLambda_ReadOnlyAccess",
	"AWSLambdaBasicExecutionRole", "AWSLambdaVPCAccessExecutionRole", "AWSLambdaSQSQueueExecutionRole", "AWSLambdaDynamoDBExecutionRole",
	"AmazonDynamoDBFullAccess", "AmazonDynamoDBReadOnlyAccess",
	"AmazonRDSFullAccess", "AmazonRDSReadOnlyAccess",
	"AmazonSQSFullAccess", "AmazonSQSReadOnlyAccess",
	"AmazonSNSFullAccess", "AmazonSNSReadOnlyAccess",
	"SecretsManagerReadWrite", "AWSKeyManagementServicePowerUser",
	"CloudWatchFullAccessV2", "CloudWatchReadOnlyAccess", "CloudWatchLogsFullAccess", "CloudWatchLogsReadOnlyAccess", "CloudWatchAgentServerPolicy",
	"AWSCloudTrail_FullAccess", "AWSCloudTrail_ReadOnlyAccess",
	"AmazonSSMManagedInstanceCore", "AmazonSSMReadOnlyAccess",
	"AmazonECSTaskExecutionRolePolicy", "AmazonECS_FullAccess",
	"AmazonEKSClusterPolicy", "AmazonEKSWorkerNodePolicy", "AmazonEKS_CNI_Policy",
	"AmazonEC2ContainerRegistryReadOnly", "AmazonEC2ContainerRegistryPowerUser",
	"AWSCloudFormationFullAccess", "AmazonAPIGatewayInvokeFullAccess",
	"AmazonRoute53ReadOnlyAccess", "CloudFrontReadOnlyAccess",
	"AWSOrganizationsFullAccess", "AWSOrganizationsReadOnlyAccess",
}
