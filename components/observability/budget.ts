import * as aws from "@pulumi/aws";
import type { Settings } from "../../config";

/**
 * The stack's monthly budget: AWS sends a mail when actual or forecast costs reach a share of it. It includes resources
 * with the stack's tags `Project` and `Environment`, which the payer account must have activated as cost allocation
 * tags (`plinth-foundation:costs.allocationTags`): until then the costs are zero. Taxes, support and resources without
 * tags aren't included.
 *
 * It sends mail itself rather than publish to the alarm topic, which would need entries in the policies of the topic
 * and its key.
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
