/** Types of a package that is only available at run time, since Lambda's runtime includes it. */
declare module "@aws-sdk/client-rds" {
  interface Answers {
    automated: {
      DBInstanceAutomatedBackups?: {
        DBInstanceIdentifier?: string;
        RestoreWindow?: { LatestTime?: Date };
      }[];
      Marker?: string;
    };
  }
  export class DescribeDBInstanceAutomatedBackupsCommand extends Command<"automated"> {}
}
