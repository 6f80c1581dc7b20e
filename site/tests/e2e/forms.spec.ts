import { expect, test } from "./page.ts";

test("a group is ticked in a user's form, and the answers change", async ({ playground, page }) => {
  await playground.open();
  await playground.request(/Step 2:/).click();
  await expect(playground.word).toContainText("Denied");
  await page.locator("#world .world").getByRole("treeitem", { name: /^ali user/ }).click();
  await playground.view("Form");
  await playground.editor.getByRole("checkbox", { name: "developers" }).check();
  await expect(playground.word).toContainText("Allowed");
});

test("an AWS managed policy is attached by typing its name, and its text is there", async ({ playground, page, context }) => {
  await playground.open("#new");
  await expect(page.locator("footer")).toContainText("works offline");
  await context.setOffline(true);
  await page.locator("#world .world").getByRole("button", { name: /^Add to production/ }).click();
  await page.getByRole("menuitem", { name: "Group" }).click();
  await playground.view("Form");
  const box = playground.editor.getByRole("combobox", { name: /attach/i }).first();
  await box.fill("AmazonS3FullAccess");
  await page.getByRole("option", { name: /AmazonS3FullAccess/ }).first().click();
  expect(JSON.parse(await playground.whole()).accounts["111122223333"].groups["new-group"].policies).toEqual(["arn:aws:iam::aws:policy/AmazonS3FullAccess"]);
  await playground.change((s) => {
    s.accounts["111122223333"].users.ali.groups = ["new-group"];
    s.requests[0].action = "s3:DeleteObject";
  });
  await expect(playground.word).toContainText("Allowed");
  await playground.tab(/AmazonS3FullAccess/);
  await playground.view("JSON");
  await expect(playground.code).toContainText('"s3:*"');
});

test("the request is changed in its sentence, by choice or by free text", async ({ playground, page }) => {
  await playground.open("#new");
  const action = page.locator("#request").getByRole("combobox", { name: /action/i });
  await action.click();
  await action.fill("s3:DeleteBucket");
  await action.press("Enter");
  await expect(playground.word).toContainText("Denied");
  await action.click();
  await action.fill("s3:ListBu");
  await page.getByRole("option", { name: /^s3:ListBucket(?!V)/ }).click();
  expect(JSON.parse(await playground.whole()).requests[0].action).toBe("s3:ListBucket");
});

test("a context key is unknown, and the answer depends on it", async ({ playground, page }) => {
  await playground.open("#new");
  await playground.change((s) => {
    s.accounts["111122223333"].policies.ReadReports.Statement[0].Condition = { Bool: { "aws:MultiFactorAuthPresent": "true" } };
  });
  await expect(playground.word).toContainText("Denied");
  await page.locator(".why").getByRole("button", { name: /unknown/i }).first().click();
  await expect(playground.word).toContainText("Depends");
  await expect(playground.answer).toContainText("aws:MultiFactorAuthPresent");
});

test("a role is assumed from the page", async ({ playground, page }) => {
  await playground.open("#example/tutorials/the-coffee-shop");
  await page.getByRole("button", { name: /Act as/ }).first().click();
  await page.getByRole("dialog").getByRole("button", { name: /Act as/ }).click();
  expect(JSON.parse(await playground.whole()).requests[0].principal).toMatch(/:assumed-role\//);
});

test("what a form does not touch stays byte for byte", async ({ playground, page }) => {
  await playground.open("#new");
  const odd = (await playground.whole()).replace('"version": 1,', '"version"  :   1 ,');
  await playground.plain.fill(odd);
  await page.locator("#world .world").getByRole("treeitem", { name: /^ali/ }).click();
  await playground.view("Form");
  await playground.editor.getByRole("textbox", { name: /User name/ }).fill("bea");
  await playground.editor.getByRole("textbox", { name: /User name/ }).press("Enter");
  expect(await playground.whole()).toBe(odd.replace('"ali"', '"bea"').replace("user/ali", "user/bea"));
});

test("a statement is edited as fields", async ({ playground }) => {
  await playground.open("#new");
  await playground.tab(/ReadReports/);
  await playground.view("Form");
  await playground.editor.getByText("Deny", { exact: true }).first().click();
  await expect(playground.word).toContainText("Denied");
  await expect(playground.answer).toContainText("with an explicit deny");
});

test("the tutorial's policy of one access level is made as it says: choose the service, tick List", async ({ playground, page }) => {
  await playground.open("#example/tutorials/read-only");
  await page.getByRole("button", { name: "Read on" }).click();
  await expect(page.locator("#request")).toContainText("press Choose by service and access level, choose the service ec2, and tick List");
  const untouched = (text: string) => text.slice(0, text.indexOf('"ec2:DescribeInstances"')).trimEnd();
  const before = await playground.whole();
  await page.locator("#world .world").getByRole("treeitem", { name: /^ListOnly/ }).click();
  await playground.view("Form");
  await playground.editor.getByRole("button", { name: "Choose by service and access level" }).click();
  await expect(playground.editor.getByRole("combobox", { name: "Service" })).toHaveValue("ec2");
  const list = playground.editor.getByRole("checkbox", { name: /^List: all \d+ actions/ });
  const all = Number(/\d+/.exec((await list.getAttribute("aria-label"))!)![0]);
  await list.check();
  const text = await playground.whole();
  expect(untouched(text)).toBe(untouched(before));
  const actions: string[] = JSON.parse(text).accounts["111122223333"].policies.ListOnly.Statement[0].Action;
  expect(actions.slice(0, 2)).toEqual(["ec2:DescribeInstances", "ec2:DescribeVpcs"]);
  expect(actions).toContain("ec2:DescribeVolumes");
  expect(actions).not.toContain("ec2:GetConsoleOutput");
  expect(new Set(actions).size).toBe(all);
  await page.getByRole("button", { name: /^Undo/ }).click();
  expect(await playground.whole()).toBe(before);
});

test("a resource is composed of the parts that the actions' types have", async ({ playground, page }) => {
  await playground.open("#new");
  await playground.tab(/ReadReports/);
  await playground.view("Form");
  await playground.editor.getByRole("button", { name: "Compose an ARN" }).click();
  await playground.editor.getByLabel("Type of resource").selectOption({ label: "object (Amazon S3)" });
  await playground.editor.getByLabel("BucketName").fill("acme-archive");
  await playground.editor.getByRole("button", { name: "Add this resource" }).click();
  expect(await playground.whole()).toContain("arn:aws:s3:::acme-archive/*");
});

test("a form shows the parts of a policy that nobody knows, and keeps them", async ({ playground, page }) => {
  await playground.open("#example/unknown/a-bucket-name-from-a-parameter");
  await expect(playground.word).toContainText("Depends");
  await expect(playground.answer).toContainText("the parameter LogBucket");
  await expect(playground.answer).toContainText("covers the resource");
  await playground.change((s) => {
    const account = s.accounts["111122223333"];
    const p = account.users.hal.inline.FromTemplate;
    account.policies = { FromTemplate: p };
    account.users.hal = { policies: ["FromTemplate"] };
    p.Statement.push({ unknown: "made by a macro" });
    p.Statement[1].Condition.IpAddress["aws:SourceIp"] = ["198.51.100.0/24", { unknown: "the parameter OfficeNetwork" }];
  });
  await page.locator("#world .world").getByRole("treeitem", { name: /^FromTemplate/ }).click();
  await playground.view("Form");
  const statement = playground.editor.getByRole("region", { name: "ReadLogs" });
  await expect(statement).toContainText("unknown: the parameter LogBucket (like arn:aws:s3:::*-logs/*)");
  await expect(playground.editor).toContainText("Statement 4 is unknown: made by a macro");
  const add = statement.getByRole("combobox", { name: "Add resource" });
  await add.fill("arn:aws:s3:::acme-logs");
  await add.press("Enter");
  const values = playground.editor.getByRole("region", { name: "ReadExports" }).getByRole("combobox", { name: "Add value" });
  await values.fill("203.0.113.0/24");
  await values.press("Enter");
  const written = JSON.parse(await playground.whole()).accounts["111122223333"].policies.FromTemplate.Statement;
  expect(written[0].Resource).toEqual([{ unknown: "the parameter LogBucket", like: "arn:aws:s3:::*-logs/*" }, "arn:aws:s3:::acme-logs"]);
  expect(written[1].Condition.IpAddress["aws:SourceIp"]).toEqual(["198.51.100.0/24", { unknown: "the parameter OfficeNetwork" }, "203.0.113.0/24"]);
});

test("an instance whose role does not trust its service says so at the role, and the trust policy mends it", async ({ playground, page }) => {
  await playground.open("#example/special/an-instance-whose-role-trusts-lambda");
  await page.locator("#world .world").getByRole("treeitem", { name: /^i-0b2/ }).click();
  await playground.view("Form");
  const problem = playground.editor.getByText(/the trust policy of role "in-functions" does not let ec2\.amazonaws\.com assume it/);
  await expect(problem).toBeVisible();
  await playground.request(/Code on the second/).click();
  await expect(page.locator(".stages li").first()).toContainText(/Credentials.*stopped here/s);
  await playground.change((s) => (s.accounts["111122223333"].roles["in-functions"].trust.Statement = [{ Effect: "Allow", Principal: { Service: "ec2.amazonaws.com" }, Action: "sts:AssumeRole" }]));
  await expect(playground.word).toContainText("Allowed");
  await page.locator("#world .world").getByRole("treeitem", { name: /^i-0b2/ }).click();
  await playground.view("Form");
  await expect(playground.editor.getByRole("combobox", { name: /^Role of code/ })).toHaveValue("in-functions");
  await expect(problem).toBeHidden();
});

test("Block Public Access is switched with the keyboard, of an account and of a bucket", async ({ playground, page }) => {
  await playground.open("#example/special/block-public-access");
  await expect(playground.word).toContainText("Denied");
  await page.locator("#account-0").focus();
  await page.keyboard.press("Enter");
  await playground.view("Form");
  await playground.editor.getByRole("checkbox", { name: "Restrict public buckets" }).focus();
  await page.keyboard.press("Space");
  await expect(playground.word).toContainText("Allowed");
  await page.locator("#world .world").getByRole("treeitem", { name: /^acme-site/ }).click();
  await playground.view("Form");
  await playground.editor.getByRole("checkbox", { name: "Restrict public buckets" }).focus();
  await page.keyboard.press("Space");
  await expect(playground.word).toContainText("Denied");
  const scenario = JSON.parse(await playground.whole());
  expect(scenario.accounts["111122223333"].publicAccessBlock).not.toHaveProperty("restrictPublicBuckets");
  expect(scenario.accounts["111122223333"].resources["arn:aws:s3:::acme-site"].publicAccessBlock).toEqual({ restrictPublicBuckets: true });
});

test("an organization's root access, administrators and S3 policies are in its form", async ({ playground, page }) => {
  await playground.open("#example/special/a-root-session-for-one-task");
  await page.locator("#organization-title").click();
  await playground.view("Form");
  await playground.editor.getByRole("combobox", { name: "S3 policy of the root" }).selectOption("all");
  await playground.editor.getByRole("group", { name: "Delegated administrators of IAM" }).getByRole("checkbox", { name: /production/ }).check();
  await playground.editor.getByRole("checkbox", { name: "Centralized root access" }).uncheck();
  await expect(playground.word).toContainText("Denied");
  const { organization } = JSON.parse(await playground.whole());
  expect([organization.root.s3PublicAccessBlock, organization.delegatedAdministrators, organization.rootAccess]).toEqual(["all", ["444455556666", "111122223333"], undefined]);
});
