import { expect, test } from "./page.ts";

// Nothing here is about being offline, and fetching the whole site for every page takes its time.
test.use({ serviceWorkers: "block" });

test("a request that AWS never makes says so once the catalogue is there, and a key mends it", async ({ playground, page }) => {
  await playground.open("#example/pitfalls/requests-that-aws-never-makes");
  await playground.request("The statement matches only a question that AWS never asks").click();
  await expect(playground.word).toHaveText(/Allowed/);
  await expect(playground.answer).toContainText("AWS never makes this request: s3:CreateBucket works on resources of type bucket");
  await page.locator("body").press("Control+.");
  await expect(playground.word).toHaveText(/Denied/);
  await expect(playground.answer).not.toContainText("AWS never makes this request");
  expect(JSON.parse(await playground.whole()).requests[3].resource).toBe("arn:aws:s3:::acme-new");
});

test("an action without resource types is decided on *, and the button writes that", async ({ playground }) => {
  await playground.open("#example/pitfalls/requests-that-aws-never-makes");
  await playground.request("Omar describes one instance").click();
  await expect(playground.answer).toContainText("ec2:DescribeInstances works on no resource in particular");
  await playground.answer.getByRole("button", { name: "Ask about *" }).click();
  await expect(playground.answer).not.toContainText("works on no resource in particular");
  expect(JSON.parse(await playground.whole()).requests[1].resource).toBe("*");
});

test("an action that was just typed is checked, too", async ({ playground }) => {
  await playground.open("#new");
  await playground.change((scenario) => Object.assign(scenario.requests[0], { action: "iam:ListUsers" }));
  await expect(playground.answer).toContainText("iam:ListUsers works on no resource in particular");
});

test("what AWS checks beside is proposed, and added with the keyboard", async ({ playground, page }) => {
  await playground.open("#new");
  await playground.change((scenario) => Object.assign(scenario.requests[0], { action: "lambda:CreateFunction", resource: "arn:aws:lambda:eu-west-1:111122223333:function:report" }));
  const proposals = page.getByText(/AWS may check \d+ more things? in this call/);
  await proposals.focus();
  await proposals.press("Enter");
  const add = page.getByRole("button", { name: "Add the role that is passed: iam:PassRole" });
  await add.focus();
  await add.press("Enter");
  await expect(add).toHaveCount(0);
  expect(JSON.parse(await playground.whole()).requests[0].also).toEqual([{ name: "the role that is passed", action: "iam:PassRole", resource: "arn:aws:iam::111122223333:role/*" }]);
  await expect(page.getByText("The same call also needs").first()).toBeVisible();
});
