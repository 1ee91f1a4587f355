// The search service: log/slog's text handler (logfmt), behind nginx.
package main

import (
	"log/slog"
	"net"
	"net/http"
	"os"
	"strconv"
	"sync/atomic"
	"time"
)

func main() {
	log := slog.New(slog.NewTextHandler(os.Stdout, &slog.HandlerOptions{Level: slog.LevelDebug})).With("service", "search")
	var served atomic.Int64

	http.HandleFunc("/api/search", func(w http.ResponseWriter, r *http.Request) {
		start := time.Now()
		q := r.URL.Query().Get("q")
		page, err := strconv.Atoi(r.URL.Query().Get("page"))
		log := log.With("request_id", r.Header.Get("X-Request-Id"))
		n := int(served.Add(1))

		if err != nil {
			log.Warn("bad page number, using 1", "err", err)
			page = 1
		}
		if n%5 == 0 {
			log.Debug("index cache miss", "q", q, slog.Group("cache", "size", 512+n, "ttl", time.Minute))
		}
		if n%14 == 0 {
			time.Sleep(time.Duration(280+n) * time.Millisecond)
			log.Warn("slow query", "q", q, "took", time.Since(start).Round(time.Millisecond))
		}
		if n%24 == 11 {
			_, err := net.DialTimeout("tcp", "127.0.0.1:4190", time.Second)
			log.Error("index shard unavailable", "shard", n%4, "err", err, "fallback", n%48 == 11)
			if n%48 != 11 {
				http.Error(w, `{"error":"search is unavailable"}`, http.StatusServiceUnavailable)
				return
			}
		}
		w.Header().Set("Content-Type", "application/json")
		w.Write([]byte(`{"hits":[]}`))
		log.Info("search done", "q", q, "page", page, "hits", (n*37)%90, "took", time.Since(start))
	})

	log.Info("search is listening", "addr", "127.0.0.1:4103", "shards", 4)
	if err := http.ListenAndServe("127.0.0.1:4103", nil); err != nil {
		log.Error("search stopped", "err", err)
		os.Exit(1)
	}
}
