import type { Parsed } from '../../../line/parsed.js';
import type { JsonFormat } from '../../format.js';
import { commonKeys, toJsonEntry } from '../../json/jsonEntry.js';
import type { JsonObject } from '../../json/object.js';

/** Application logs in JSON, under any common naming of the keys. Takes every object. */
export const applicationJson = {
  name: 'application-json',
  samples: [
    {
      of: 'pino',
      line: '{"level":30,"time":1795365696256,"pid":17,"hostname":"web-7f","reqId":"r-1","orderId":7,"msg":"order accepted"}',
    },
    {
      of: 'bunyan',
      line: '{"name":"orders","hostname":"web-7f","pid":17,"level":50,"err":{"message":"no stock","name":"StockError","stack":"StockError: no stock\\n    at reserve (/app/stock.js:4:9)"},"msg":"no stock","time":"2026-11-22T16:41:36.256Z","v":0}',
    },
    {
      of: 'winston',
      line: '{"level":"error","message":"order 0 failed","stack":"Error: order 0 failed\\n    at boom (file:///app/server.mjs:4:59)","timestamp":"2026-11-22T16:41:36.257Z"}',
    },
    {
      of: 'logstash-logback-encoder',
      line: '{"@timestamp":"2026-11-22T16:41:36.257Z","@version":"1","message":"checkout failed","logger_name":"com.shop.Checkout","thread_name":"http-nio-8080-exec-1","level":"ERROR","level_value":40000,"stack_trace":"java.lang.IllegalStateException: no stock\\n\\tat com.shop.Checkout.run(Checkout.java:52)\\n","traceId":"4bf92f3577b34da6a3ce929d0e0e4736"}',
    },
    {
      of: 'python-json-logger',
      line: '{"asctime":"2026-11-22 16:41:36,469","levelname":"ERROR","name":"billing","message":"charge failed","exc_info":"Traceback (most recent call last):\\n  File \\"/app/billing.py\\", line 12, in charge\\n    raise KeyError(5)\\nKeyError: 5"}',
    },
    {
      of: 'structlog',
      line: '{"customer":5,"event":"charge failed","level":"error","timestamp":"2026-11-22T16:41:36.469123Z","exception":"Traceback (most recent call last):\\n  File \\"/app/billing.py\\", line 12, in charge\\n    raise KeyError(5)\\nKeyError: 5"}',
    },
    {
      of: 'loguru, `serialize=True`',
      line: '{"text":"charge retried\\n","record":{"elapsed":{"repr":"0:00:01","seconds":1.0},"exception":null,"level":{"icon":"!","name":"WARNING","no":30},"message":"charge retried","name":"billing","time":{"repr":"2026-11-22 16:41:36.469+00:00","timestamp":1795365696.469}}}',
    },
    {
      of: 'zap',
      line: '{"level":"error","ts":1795365696.256,"logger":"search","caller":"search/query.go:52","msg":"query failed","error":"dial tcp 10.0.0.1:9200: connect: connection refused","stacktrace":"main.query\\n\\t/app/search/query.go:52\\nmain.main\\n\\t/app/main.go:14"}',
    },
    {
      of: 'logrus',
      line: '{"level":"warning","msg":"slow query","time":"2026-11-22T16:41:36Z","took":"32ms"}',
    },
    {
      of: "Go's log/slog, JSON",
      line: '{"time":"2026-11-22T16:41:36.256123456Z","level":"INFO+2","msg":"query","req":{"method":"GET","id":"r-1"},"took":32338000}',
    },
    {
      of: 'Elastic Common Schema, dotted keys',
      line: '{"@timestamp":"2026-11-22T16:41:36.257Z","log.level":"ERROR","message":"checkout failed","ecs.version":"1.2.0","service.name":"shop","log.logger":"com.shop.Checkout","error.type":"java.lang.IllegalStateException","error.message":"no stock","error.stack_trace":"java.lang.IllegalStateException: no stock\\n\\tat com.shop.Checkout.run(Checkout.java:52)\\n","trace.id":"4bf92f3577b34da6a3ce929d0e0e4736"}',
    },
    {
      of: 'Elastic Common Schema, nested keys',
      line: '{"@timestamp":"2026-11-22T16:41:36.257Z","log":{"level":"warn","logger":"shop.cart"},"message":"stock low","ecs":{"version":"8.10.0"},"trace":{"id":"4bf92f3577b34da6a3ce929d0e0e4736"},"transaction":{"id":"00f067aa0ba902b7"},"service":{"name":"shop"}}',
    },
    {
      of: 'semantic_logger',
      line: '{"host":"web-7f","application":"shop","timestamp":"2026-11-22T16:41:36.257123Z","level":"error","level_index":4,"pid":17,"thread":"puma 001","name":"Checkout","message":"checkout failed","exception":{"name":"StockError","message":"no stock","stack_trace":["app/models/stock.rb:12:in `reserve\'","app/models/cart.rb:7:in `pay\'"]}}',
    },
    {
      of: 'AWS Lambda Powertools',
      line: '{"level":"INFO","message":"order accepted","timestamp":"2026-11-22T16:41:36.257Z","service":"orders","xray_trace_id":"1-5759e988-bd862e3fe1be46a994272793","function_request_id":"c6af9ac6-7b61-11e6-9a41-93e8deadbeef"}',
    },
    {
      of: 'any library, with Datadog trace ids',
      line: '{"level":"info","message":"order accepted","time":"2026-11-22T16:41:36.257Z","dd":{"trace_id":"6685474894012345678","span_id":"5577006791947779410","service":"orders"}}',
    },
  ],
  parse(object: JsonObject): Parsed {
    return toJsonEntry(commonKeys.find(object));
  },
} satisfies JsonFormat;
