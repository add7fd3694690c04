/**
 * Uploads the folder `backup`, and its checksums last: a backup without checksums doesn't count. Runs in the container
 * with the AWS CLI. Environment: `DISK`, `BUCKET`, `PREFIX` (of the keys), `METRICS` (a namespace), `METRIC`,
 * `DIMENSIONS`.
 */
export const uploadSh = `set -euo pipefail
cd "$DISK"
key="$PREFIX/$(date -u +%Y-%m-%d/%H%M%S)"
aws s3 cp backup "s3://$BUCKET/$key/" --recursive --only-show-errors
aws s3 cp SHA256SUMS "s3://$BUCKET/$key/SHA256SUMS" --only-show-errors
aws cloudwatch put-metric-data --namespace "$METRICS" --metric-name "$METRIC" --value 1 \\
  --unit Count --dimensions "$DIMENSIONS"
echo "$key: $(du -sk backup | cut -f 1) KiB"
`;
