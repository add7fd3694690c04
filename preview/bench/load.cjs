"use strict";
/* What every preview has to load: the SDKs that the program imports, without a resource of them. */
Error.stackTraceLimit = 0;
for (const name of ["pulumi", "aws", "kubernetes", "random"]) require(`@pulumi/${name}`);
