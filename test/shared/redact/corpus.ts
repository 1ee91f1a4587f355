/*
 * What redaction promises, and what it must leave alone: the tests hold it to every line, and `npm run bench --
 * --redaction` counts them. The secrets are made up.
 */

/** A line of a log: JSON as programs write it, or text. */
export interface Case {
  readonly kind: string;
  readonly line: string;
}

export interface Promised extends Case {
  /** What must be gone. */
  readonly secrets: readonly string[];
  /** What must still be there. */
  readonly rest: readonly string[];
}

const S = 'SEKRET123';
const jwt = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.dBjftJeZ4CVPmB92K27uhbUJU1p1r';
const jwe =
  'eyJhbGciOiJSU0EtT0FFUCIsImVuYyI6IkEyNTZHQ00ifQ.OKOawDo13gRp2ojaHV7LFpZc.48V1_ALb6US04U3b.5eym8TW_c8SuK0ltJ3rpY.XFBoMYUZodetZdvTiFvSkQ';
const directJwe =
  'eyJhbGciOiJkaXIiLCJlbmMiOiJBMTI4R0NNIn0..48V1_ALb6US04U3b.5eym8TW_c8SuK0ltJ3rpY.XFBoMYUZodetZdvTiFvSkQ';

export const promised: readonly Promised[] = [
  ...lines('arguments in a list', {
    [`{"args":["--token","${S}","--port","80"]}`]: ['--token', '--port', '80'],
    [`{"env":["DB_PASSWORD=${S}","A=b"]}`]: ['DB_PASSWORD=', 'A=b'],
    [`{"args":["--db-password=${S}","--port=80"]}`]: ['--port=80'],
    [`{"header":["X-Api-Key","${S}"]}`]: ['X-Api-Key'],
  }),
  ...lines('markup', {
    [`<entry key="password">${S}</entry>`]: ['<entry key="password">', '</entry>'],
    [`<property name="db.password" type="x">${S}</property>`]: ['</property>'],
    [`{&quot;password&quot;:&quot;${S}&quot;,&quot;a&quot;:1}`]: ['&quot;a&quot;:1'],
  }),
  ...lines('sources and users of URLs', {
    [`dsn=app:${S}@tcp(10.0.0.1:3306)/shop`]: ['app:', '@tcp(10.0.0.1:3306)/shop'],
    [`open app:${S}@unix(/run/mysqld.sock)/shop`]: ['@unix(/run/mysqld.sock)/shop'],
    [`fetch https://0123456789abcdef${S}@git.example.com/a.git`]: ['@git.example.com/a.git'],
  }),
  ...lines('what servers and tools say', {
    [`A temporary password is generated for root@localhost: ${S}`]: ['root@localhost: '],
    [`CONFIG SET requirepass ${S}`]: ['requirepass '],
    [`requirepass "${S}"`]: ['requirepass "'],
    [`1795365662.123 [0 10.0.0.1:4321] "AUTH" "${S}"`]: ['"AUTH" "'],
    [`docker login -u ann -p ${S} registry.example.com`]: ['-u ann', 'registry.example.com'],
    [`ldapsearch -D cn=app -w ${S} -b dc=example`]: ['-D cn=app', '-b dc=example'],
    [`Field error in object 'user' on field 'password': rejected value [${S}]; codes`]: ['; codes'],
  }),
  ...lines('keys of forms', {
    [`POST /login user%5Bpassword%5D=${S}&a=1`]: ['&a=1'],
    [`Parameters: {"user[password]"=>"${S}", "commit"=>"Log in"}`]: ['"commit"=>"Log in"'],
    [`Parameters: {"user"=>{"email"=>"a", "password"=>"${S}"}}`]: ['"email"=>"a"'],
    [`POST /login user[password]=${S}&a=1`]: ['&a=1'],
    [`--x\r\nContent-Disposition: form-data; name="password"\r\n\r\n${S}\r\n--x--`]: ['--x--'],
    [String.raw`form-data; name=\"password\"\r\n\r\n${S}\r\n--x`]: [String.raw`\r\n--x`],
    [`redirect=%2Fa%3Faccess_token%3D${S}`]: ['redirect=%2Fa'],
    [`body %7B%22password%22%3A%22${S}%22%7D`]: ['body'],
  }),
  ...lines('space around the sign', {
    [`password\t=\t${S} user=7`]: ['user=7'],
    [`password          :          ${S}`]: ['password'],
    [`PASSWORD  =>  "${S}"`]: ['PASSWORD'],
    [`api_key\t:\t"${S}"`]: ['api_key'],
    [`token   :=   ${S}`]: ['token'],
    [`Authorization:\tBearer ${S}`]: ['Authorization'],
    [`cookie :   sid=${S}`]: ['cookie'],
  }),
  ...lines('tokens behind a prefix', {
    [`session_${jwt} ok`]: ['session_', ' ok'],
    [`state%3D${jwt}&a=1`]: ['state%3D', '&a=1'],
    [`jwe ${jwe}.`]: ['jwe '],
    [`jwe=${directJwe} ok`]: ['jwe=', ' ok'],
    [String.raw`got\n${jwt}`]: ['got'],
  }),
  ...lines('authorization', {
    [`sent Bearer%20${S} up`]: ['sent', 'up'],
    [`curl -H "X-Auth: Bearer ${S}==" https://shop`]: ['https://shop'],
    [`Authorization: Hawk id="dh37", ts="135", nonce="j4", mac="${S}"`]: ['Authorization'],
    [`authorization: Digest username="a", response="${S}"`]: ['authorization'],
    [`Authorization: Token ${S}`]: ['Authorization'],
    [`Authorization=Basic ${'dXNlcjpTRUtSRVQxMjM='}`]: ['Authorization'],
    [`Proxy-Authorization: Bearer ${S}`]: ['Proxy-Authorization'],
    [`curl -H 'Authorization: ApiKey ${S}' https://shop`]: ['https://shop'],
    [`map[Authorization:[Bearer ${S}] Host:[shop]]`]: ['Host:[shop]'],
    [`{"level":"info","headers":[["authorization","Bearer ${S}"],["host","shop"]]}`]: ['"host","shop"'],
    [`{"level":"info","headers":[{"name":"authorization","value":"${S}"},{"name":"host","value":"shop"}]}`]: ['shop'],
    [`har {"name": "X-Api-Key", "value": "${S}"}, {"name":"host","value":"shop"}`]: ['shop'],
    [`har [{\\"name\\":\\"Cookie\\",\\"value\\":\\"${S}\\"}]`]: ['har'],
  }),
  ...lines('cookies', {
    [`Cookie: sid="${S}"; theme=dark`]: ['Cookie'],
    [`Cookie: "sid=${S}"`]: ['Cookie'],
    [`Cookie: ${S}`]: ['Cookie'],
    [`cookie=${S} path=/`]: ['path=/'],
    [`{"a":1,"cookie":"sid=${S}"}`]: ['"a":1'],
    [`Set-Cookie: id=${S}; Path=/; HttpOnly`]: ['Set-Cookie'],
    [`curl -H "Cookie: a=${S}" -H "X-A: b"`]: ['-H "X-A: b"'],
  }),
  ...lines('passwords of URLs', {
    [`connect postgres://u:a/${S}@db:5432/x`]: ['@db:5432/x'],
    [`connect amqp://ann@shop.example.com:${S}@mq/vhost`]: ['@mq/vhost'],
    [`redis://:${S}@cache:6379/0`]: ['@cache:6379/0'],
    [`mongodb://app:${S}@a:27017,b:27017/x?replicaSet=r`]: ['@a:27017,b:27017/x?replicaSet=r'],
    [`jdbc:postgresql://db/x?user=app&password=${S}&ssl=true`]: ['user=app', '&ssl=true'],
    [`jdbc:oracle:thin:app/${S}@db:1521:x`]: ['@db:1521:x'],
    [`https://ann:${S}#1@shop.example.com/a`]: [],
    [String.raw`{"url":"https:\/\/ann:${S}@shop.example.com\/a"}`]: ['shop.example.com'],
  }),
  ...lines('values with signs in them', {
    [`password="a&b\\"${S}" user=7`]: ['user=7'],
    [`password=a&${S} user=7`]: ['user=7'],
    [`password=a\\${S} user=7`]: ['user=7'],
    [`password=a"${S} user=7`]: ['user=7'],
    [`password=a@${S} user=7`]: ['user=7'],
    [`password=a'${S}, user=7`]: ['user=7'],
    [`{"a":1,"msg":"login {\\"password\\":\\"a\\\\\\"${S}\\",\\"n\\":1}"}`]: ['"a":1'],
    [`{"level":"info","message":"{\\"password\\":\\"${S}\\",\\"n\\":1}"}`]: ['n'],
    [`{"level":"info","message":"body={\\"password\\":\\"${S}\\",\\"n\\":1}"}`]: ['n'],
    [`{"level":"info","password":["${S}"]}`]: ['info'],
    [`got {"password": ["${S}"], "n": 1}`]: ['"n": 1'],
  }),
  ...lines('Python', {
    [`Headers: dict_items([('host', 'localhost'), ('cookie', 'sid=${S}; x=1'), ('authorization', 'Bearer ${S}')])`]: [
      'localhost',
    ],
    [`[(b'host', b'shop'), (b'authorization', b'Bearer ${S}')]`]: ["b'shop'"],
    [`login {'password': '${S}', 'user': 'ann'}`]: ["'user': 'ann'"],
    [`login {'password': b'${S}', 'user': 'ann'}`]: ["'user': 'ann'"],
    [`Settings(password='${S}', user='ann')`]: ["user='ann'"],
    [`SecretStr api_key=u'${S}' n=1`]: ['n=1'],
  }),
  ...lines('connection strings', {
    [`Server=db;User Id=app;Password=${S};Database=x`]: ['Server=db;User Id=app;', ';Database=x'],
    [`Data Source=db;Uid=app;Pwd=${S};Initial Catalog=x`]: ['Uid=app', ';Initial Catalog=x'],
    [`DefaultEndpointsProtocol=https;AccountName=shop;AccountKey=${S}a+b/c==;EndpointSuffix=core.windows.net`]: [
      'AccountName=shop',
      ';EndpointSuffix=core.windows.net',
    ],
    [`Endpoint=sb://shop/;SharedAccessKeyName=Root;SharedAccessKey=${S}=`]: ['SharedAccessKeyName=Root'],
    [`host=db user=app password=${S} dbname=x`]: ['dbname=x'],
  }),
  ...lines('commands and statements', {
    [`exec mysql -u root --password ${S} shop`]: [' shop'],
    [`exec app --password=${S} --user ann`]: ['--user ann'],
    [`exec app --db-password '${S}' --user ann`]: ['--user ann'],
    [`exec app --api-key ${S} --user ann`]: ['--user ann'],
    [`args ["--token","${S}","--user","ann"]`]: ['"ann"'],
    [`+ curl -s -u ann:${S} https://shop`]: ['https://shop'],
    [`+ curl --user "ann:${S}" https://shop`]: ['https://shop'],
    [`+ mysqldump -h db -u root -p${S} shop`]: [' shop'],
    [`+ sshpass -p ${S} ssh ann@shop`]: ['ssh ann@shop'],
    [`CREATE USER 'a'@'%' IDENTIFIED BY '${S}'`]: ['IDENTIFIED BY'],
    [`ALTER ROLE app WITH PASSWORD '${S}' LOGIN`]: [' LOGIN'],
    [`ALTER USER app IDENTIFIED WITH caching_sha2_password BY '${S}'`]: ['BY'],
    [`SET PASSWORD = PASSWORD('${S}')`]: ['SET'],
  }),
  ...lines('markup', {
    [`<user>ann</user><password>${S}</password>`]: ['<user>ann</user>', '</password>'],
    [`<wsse:Password Type="PasswordText">${S}</wsse:Password>`]: ['</wsse:Password>'],
    [`<UserPassword><![CDATA[${S}]]></UserPassword>`]: ['</UserPassword>'],
    [`&lt;password&gt;${S}&lt;/password&gt;`]: ['&lt;/password&gt;'],
    [`<apiKey>${S}</apiKey><n>1</n>`]: ['<n>1</n>'],
  }),
  ...lines('names of keys', {
    [`db_pass=${S} n=1`]: ['n=1'],
    [`{"level":"info","dbPass":"${S}","n":1}`]: ['"n":1'],
    [`{"level":"info","secrets":{"a":"${S}"},"n":1}`]: ['"n":1'],
    [`SECRET_KEY_BASE=${S}`]: ['SECRET_KEY_BASE'],
    [`client_secret: ${S}`]: ['client_secret'],
    [`ENCRYPTION_KEY=${S}`]: ['ENCRYPTION_KEY'],
    [`{"level":"info","signingKey":"${S}"}`]: ['info'],
    [`new_password=${S} password_confirmation=${S}`]: ['new_password'],
    [`X-Amz-Signature=${S}&a=1`]: ['&a=1'],
  }),
  ...lines('dumps of other languages', {
    [`array(1) { ["password"]=> string(9) "${S}" }`]: ['array(1)'],
    [`Array ( [password] => ${S} [n] => 1 )`]: ['[n] => 1'],
    [`Config { password: Some("${S}"), port: 5 }`]: ['port: 5'],
    [`Config(password=SecretStr('${S}'), port=5)`]: ['port=5'],
    [`{Password:${S} User:ann}`]: ['User:ann'],
    [`<input name="password" value="${S}" id="x">`]: ['id="x"'],
    [`{"level":"info","tags":[{"Key":"password","Value":"${S}"}]}`]: ['info'],
    [`env:\n- name: DB_PASSWORD\n  value: ${S}\n- name: X`]: ['name: X'],
    [`[vault] using s.${S}abcdEFGH1234567`]: ['using'],
  }),
  ...lines('a secret inside a dump', {
    [`token=Session{id=7, password=${S}}`]: ['id=7'],
    [`token=Token{secret=${S} n=1}`]: ['n=1'],
    [`User(name=ann, password=${S}, age=3)`]: ['name=ann', 'age=3'],
  }),
  ...lines('service tokens', {
    [`Incorrect API key provided: sk-proj-${S}EFGH1234abcdEFGH1234. You can find your key`]: ['You can find'],
    [`clone with glpat-${S}abcdEFGH123`]: ['clone with'],
  }),
];

export const innocents: readonly Case[] = [
  ...harmless('lists of words', [
    '{"errors":["password is too short","email is taken"]}',
    '{"args":["--no-password","--verbose"]}',
    '{"fields":["password","email"]}',
  ]),
  ...harmless('tokens and secrets that are missing or wrong', [
    "SyntaxError: Unexpected token: '}'",
    "invalid token: 'foo'",
    "secret: 'db-creds' not found",
    'secret: db-creds not found',
    'token=expired user=7',
  ]),
  ...harmless('users of URLs', [
    'git clone ssh://git@github.com/a/b.git',
    'see https://medium.com/@somebody-with-a-name',
  ]),
  ...harmless('commands without a secret', [
    'docker login succeeded',
    'ldap bind -w failed for cn=app',
    'user login -p',
  ]),
  ...harmless('prose about passwords', [
    "Access denied for user 'root'@'192.0.2.54' (using password: YES)",
    "Access denied for user 'root'@'192.0.2.54' (using password: NO)",
    'Password: required',
    'password: must be at least 8 characters',
    'Password: is too short',
    '{"level":"warn","errors":{"password":"is required"}}',
    '{"level":"warn","errors":{"password":["is too short","must contain a digit"]}}',
    'password reset requested for ann',
    'wrong password for user ann',
    'Failed password for root from 192.0.2.54 port 22 ssh2',
    'use --password to set it',
    'missing fields ["password", "email"]',
    "fields ('password', 'created_at')",
    'password=null password="" password=*****',
    'tests 12 pass: 12 fail: 0',
    'open /etc/passwd: permission denied',
    'at validate (/app/src/password.js:12:3)',
    'at validate (password.service.ts:12:3)',
    'PasswordService: started',
    'has_password=no passwordless=yes',
    'password=SecretStr("**********")',
  ]),
  ...harmless('what a key says of a password', [
    'passwordChangedAt=2026-11-22T16:41:02Z',
    'password_age=30',
    '{"level":"info","passwordExpiresIn":86400,"password_policy":"strict"}',
    'password_min_length=12 passwordRequired=yes',
    'password_file=/run/secrets/db',
    '--password-file /run/secrets/db',
    '{"level":"info","password_reset_url":"https://shop.example.com/reset"}',
  ]),
  ...harmless('folders', [
    'PWD=/app',
    'PWD=/app OLDPWD=/',
    'pwd=/home/x',
    'sudo: ann : TTY=pts/6 ; PWD=/srv/app ; USER=root ; COMMAND=/usr/bin/tail x',
    '{"level":"info","PWD":"/srv/app"}',
  ]),
  ...harmless('tokens that are words or numbers', [
    'SyntaxError: Unexpected token: foo',
    'stream/token: name',
    'token=5 max_tokens=100',
    '{"level":"info","usage":{"token":5,"total_tokens":512}}',
    '[Unable to authenticate user. error decoding JWT token:Expired token] at /x.php',
    'wtoken = AppWindowToken{9f4ef63 token=Token{a64f992 ActivityRecord{de9231d u0}}}',
    'token=android.os.BinderProxy@1a2b3c4',
    'GET /oauth/token HTTP/1.1',
    'token: expired',
    'unexpected token: "}"',
    'POST /api/v1/token: 200',
    'token_type=bearer expires_in=3600',
  ]),
  ...harmless('names that hold the word of a key', [
    'bypass=1 compass: north',
    'primary_key=7 cache_key=user:7 public_key=abc',
    'sort_key: created partition_key: user',
    'secretary: ann',
    'tokenizer=bpe',
  ]),
  ...harmless('headers without a value', [
    'cookie: not found',
    'cookies: 5',
    'Authorization: required',
    'authorization: failed for ann',
    'Bearer authentication failed',
    'challenge Bearer realm="x"',
    'Basic authentication is off',
    'pino redacts ["authorization","cookie"]',
  ]),
  ...harmless('URLs', [
    'https://shop.example.com/a?b=c:d@e',
    'http://localhost:8080/users/ann@shop.example.com',
    'http://localhost:8080?mail=ann@shop.example.com',
    'git@github.com:a/b.git ssh://git@host:22/a',
    'https://shop.example.com/@ann/posts',
    'http://[2001:db8::1]:8080/a@b',
    'docker-pullable://nginx:1.25@sha256:0a1b2c3d',
    'https://cdn.example.com/npm/@scope/pkg@1.2.3/index.js',
  ]),
  ...harmless('names that begin like a token', [
    'npm_config_registry=https://npm.example.com/',
    'pypi-server listens',
    'task-runner-worker-7f9c4 disk-usage-collector-prod',
    'key-value store ready; key-concepts',
    'hf_space=demo glc_size=1',
    'skeleton-loader SKU=12',
    'glpat- is a prefix',
    'mysql.connector 8.0.33 -p 3306',
    'curl/8.5.0 -u is an option of curl',
  ]),
  ...harmless('numbers that are no card', [
    'dfs.DataBlockScanner: Verification succeeded for blk_-4980916519894000000',
    'fan speeds ( 3552 3534 3375 4530 3515 3479 )',
    'order 300045678910003 shipped',
    '{"level":"info","order_id":"300045678910003","msg":"shipped"}',
    '{"level":"info","order_id":4111111111111111,"msg":"shipped"}',
    '== 20231215093003 CreateUsers: migrating ======',
    '{"level":"info","reqNo":"20261128094102002","msg":"x"}',
    '192.0.2.1 - - [28/Nov/2026:09:41:02 +0000] "GET /users/234567890123456703/posts HTTP/1.1" 200 12 "-" "curl/8"',
    '192.0.2.1 - - [28/Nov/2026:09:41:02 +0000] "GET /users/4111111111111111/posts HTTP/1.1" 200 12 "-" "curl/8"',
    'my-elb 192.0.2.39:2817 10.0.0.1:80 0.000073 0.001048 0.000057 200 200 1141 100000 "GET http://www.example.com:80/x HTTP/1.1"',
    '{"level":"info","sku":"40063813339306","msg":"stock"}',
    '{"level":"info","user_id":2345678901234503,"msg":"x"}',
    'heap max 5123456789002 used 12',
    'info main::do_home() [session 56035785906040] [client 192.0.2.238]',
    '{"level":"info","dd.trace_id":"4111111111111111","span":{"id":"4012888888881881"}}',
    'imei=356938035643809 imei 356938035643809',
    'offset=4222222222222 partition=3',
    'wrote 4222222222222 bytes',
    'request-4111111111111111 4111111111111111-a',
    'balance 0.4111111111111111 +4111111111111111',
    'a4111111111111111 0x4111111111111111 4111111111111111f',
    'ids: 4111111111111111, 4012888888881881',
  ]),
];

function lines(kind: string, rest: { readonly [line: string]: readonly string[] }): Promised[] {
  const secrets = [S, jwt.slice(-12), jwe.slice(-12), directJwe.slice(-12), 'dXNlcjpTRUtSRVQxMjM'];
  return Object.entries(rest).map(([line, kept]) => ({
    kind,
    line,
    secrets: secrets.filter((secret) => line.includes(secret)),
    rest: kept,
  }));
}

function harmless(kind: string, given: readonly string[]): Case[] {
  return given.map((line) => ({ kind, line }));
}
