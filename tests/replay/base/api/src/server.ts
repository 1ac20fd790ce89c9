import express from "express";
import { config } from "./config.js";
import { listCrossings } from "./crossings.js";

const app = express();
app.use(express.json({ limit: "100kb" }));

app.get("/health", (_req, res) => {
  res.json({ ok: true });
});

app.get("/companies/:company/crossings", async (req, res, next) => {
  try {
    res.json(await listCrossings(req.params.company));
  } catch (error) {
    next(error);
  }
});

app.listen(config.port);
