import * as aws from "@pulumi/aws";
import type { Settings } from "../../config";

/**
 * The stack's monthly budget: AWS mails when the bill has reached a share of it, and when it is forecast to. It counts
 * what has the stack's tags `Project` and `Environment`, which the payer account must have activated for cost allocation
 * (`plinth-foundation:costs.allocationTags`): until then it counts nothing. Taxes, support and what can't be tagged
 * aren't in it.
 *
 * By mail rather than the alarm topic: Budgets sends to as many addresses without an entry in the topic's and its key's
 * policies.
 */
export function monthlyBudget(
  name: string,
  { project, stack, prefix, alarms, costs: { budget } }: Settings,
  provider: aws.Provider,
): void {
  if (budget === undefined) return;
  const { usd, actual, forecast, emails = alarms.emails } = budget;
  const notify = (notificationType: "ACTUAL" | "FORECASTED") => (threshold: number) => ({
    notificationType,
    threshold,
    thresholdType: "PERCENTAGE",
    comparisonOperator: "GREATER_THAN",
    subscriberEmailAddresses: [...emails],
  });
  new aws.budgets.Budget(
    name,
    {
      name: `${prefix}-monthly`,
      budgetType: "COST",
      timeUnit: "MONTHLY",
      limitAmount: String(usd),
      limitUnit: "USD",
      metrics: "UnblendedCost",
      filterExpression: {
        ands: Object.entries({ Project: project, Environment: stack }).map(([key, value]) => ({
          tags: { key, values: [value] },
        })),
      },
      notifications: [...actual.map(notify("ACTUAL")), ...forecast.map(notify("FORECASTED"))],
    },
    { provider },
  );
}
