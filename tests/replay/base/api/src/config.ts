function required(name: string, value: string | undefined): string {
  if (!value) throw new Error(`${name} is not set`);
  return value;
}

export const config = {
  databaseUrl: required("DATABASE_URL", process.env.DATABASE_URL),
  redisUrl: required("REDIS_URL", process.env.REDIS_URL),
  sessionSecret: required("SESSION_SECRET", process.env.SESSION_SECRET),
  port: Number(process.env.PORT ?? 8080),
};
