// What a kafkajs application does, one step per run: node steps.js <bootstrap> <step> <topic>. Ends with 0 if all was as it should be.
'use strict'

const assert = require('node:assert/strict')
const { Kafka, CompressionTypes, ConfigResourceTypes, logLevel } = require('kafkajs')

const [bootstrap, step, topic] = process.argv.slice(2)
const kafka = new Kafka({
  clientId: 'steps',
  brokers: [bootstrap],
  logLevel: logLevel.ERROR,
  // Only a broker that does not answer, not a slow machine, is to make a step fail.
  connectionTimeout: 60000,
  requestTimeout: 90000,
})

async function withAdmin(work, options = {}) {
  const admin = kafka.admin(options)
  await admin.connect()
  try {
    return await work(admin)
  } finally {
    await admin.disconnect()
  }
}

async function withProducer(options, work) {
  const producer = kafka.producer(options)
  await producer.connect()
  try {
    return await work(producer)
  } finally {
    await producer.disconnect()
  }
}

function create(topic, numPartitions = 1) {
  return withAdmin(admin => admin.createTopics({ topics: [{ topic, numPartitions }] }))
}

async function produceNumbers(from, to) {
  const messages = []
  for (let number = from; number < to; number++) {
    messages.push({ value: String(number), partition: number % PARTITIONS })
  }
  await withProducer({}, producer => producer.send({ topic, acks: -1, messages }))
}

const PARTITIONS = 6

// A member of the group, which tells what it owns and notes what it reads.
async function join(numbers) {
  const consumer = kafka.consumer({ groupId: topic, heartbeatInterval: 200, sessionTimeout: 10000, maxWaitTimeInMs: 100 })
  const member = { owned: [], stop: () => consumer.disconnect() }
  consumer.on(consumer.events.GROUP_JOIN, event => {
    member.owned = event.payload.memberAssignment[topic] || []
  })
  consumer.on(consumer.events.CRASH, event => {
    member.crash = event.payload.error
  })
  await consumer.connect()
  await consumer.subscribe({ topics: [topic], fromBeginning: true })
  await consumer.run({ eachMessage: async ({ message }) => numbers.push(Number(message.value)) })
  return member
}

async function until(claim, isTrue, members) {
  for (let tries = 0; tries < 1200; tries++) {
    members.forEach(member => assert.equal(member.crash, undefined))
    if (await isTrue()) {
      return
    }
    await new Promise(resolve => setTimeout(resolve, 50))
  }
  assert.fail(`never: ${claim}; owned: ${JSON.stringify(members.map(member => member.owned))}`)
}

function isShared(members) {
  const owned = members.flatMap(member => member.owned)
  return (
    owned.length === PARTITIONS &&
    new Set(owned).size === PARTITIONS &&
    members.every(member => member.owned.length === PARTITIONS / members.length)
  )
}

const range = (from, to) => Array.from({ length: to - from }, (_, index) => from + index)

const steps = {
  async groupIsSharedAndGoesOn() {
    await create(topic, PARTITIONS)
    const numbers = []
    const hasRead = to => range(0, to).every(number => numbers.includes(number))
    const members = []
    for (let count = 1; count <= 3; count++) {
      members.push(await join(numbers))
      await until(`shared by ${count}`, () => isShared(members), members)
      await produceNumbers(20 * (count - 1), 20 * count)
      await until(`read by ${count}`, () => hasRead(20 * count), members)
    }
    await members.shift().stop()
    await until('shared by the two that stay', () => members.every(member => member.owned.length === 3), members)
    await produceNumbers(60, 80)
    await until('read by the two that stay', () => hasRead(80), members)
    await withAdmin(async admin => {
      const committed = async () => {
        const [offsets] = await admin.fetchOffsets({ groupId: topic, topics: [topic] })
        return offsets.partitions.map(each => Number(each.offset)).reduce((one, other) => one + other)
      }
      await until('all is committed', async () => (await committed()) === 80, members)
      await Promise.all(members.map(member => member.stop()))
      assert.equal(await committed(), 80)
      assert.ok((await admin.listGroups()).groups.some(each => each.groupId === topic))
      assert.equal((await admin.describeGroups([topic])).groups[0].state, 'Empty')
      await admin.deleteGroups([topic])
      assert.ok(!(await admin.listGroups()).groups.some(each => each.groupId === topic))
    })
  },

  async everyAcks() {
    await create(topic)
    await withProducer({}, async producer => {
      for (const acks of [-1, 1, 0]) {
        const answer = await producer.send({ topic, acks, messages: [{ key: `acks ${acks}`, value: 'some' }] })
        if (acks !== 0) {
          assert.equal(answer[0].errorCode, 0)
          assert.equal(answer[0].partition, 0)
        }
      }
      // Behind the one that is not answered, on the same connection.
      const answer = await producer.send({ topic, acks: -1, messages: [{ key: 'last', value: 'some' }] })
      assert.equal(answer[0].baseOffset, '3')
    })
  },

  async gzipHeadersAndNulls() {
    await create(topic)
    await withProducer({}, producer =>
      producer.send({
        topic,
        compression: CompressionTypes.GZIP,
        messages: [
          { key: null, value: 'no key', timestamp: '1700000000000' },
          { key: 'gone', value: null, timestamp: '1700000000001' },
          { key: '', value: '', timestamp: '1700000000002' },
          { key: 'key', value: 'x'.repeat(10000), timestamp: '1700000000003' },
          { key: 'key', value: 'headers', timestamp: '1700000000004', headers: { trace: ['a', 'b'], one: Buffer.from([0, 255]) } },
        ],
      })
    )
  },

  async idempotentInBatches() {
    await create(topic, 3)
    await withProducer({ idempotent: true, maxInFlightRequests: 1 }, async producer => {
      for (let batch = 0; batch < 20; batch++) {
        const messages = []
        for (let number = 0; number < 50; number++) {
          messages.push({ key: `key ${number % 7}`, value: `${batch * 50 + number}` })
        }
        await producer.sendBatch({ topicMessages: [{ topic, messages }] })
      }
    })
  },

  async autoCreates() {
    await withProducer({ allowAutoTopicCreation: true }, async producer => {
      const answer = await producer.send({ topic, messages: [{ key: 'k', value: 'v' }] })
      assert.equal(answer[0].baseOffset, '0')
    })
  },

  async refusals() {
    await create(topic)
    await withProducer({ retry: { retries: 0 } }, async producer => {
      const huge = { key: 'k', value: Buffer.alloc(2 * 1024 * 1024) }
      await assert.rejects(producer.send({ topic, messages: [huge] }), { type: 'MESSAGE_TOO_LARGE' })
      const answer = await producer.send({ topic, messages: [{ key: 'k', value: 'small' }] })
      assert.equal(answer[0].baseOffset, '0')
    })
    await withAdmin(async admin => {
      const bad = { topic: 'a/b', numPartitions: 1 }
      await assert.rejects(admin.createTopics({ topics: [bad] }), error => error.errors[0].type === 'INVALID_TOPIC_EXCEPTION')
      const many = { topic: `${topic}-replicas`, replicationFactor: 3 }
      await assert.rejects(admin.createTopics({ topics: [many] }), error => error.errors[0].type === 'INVALID_REPLICATION_FACTOR')
    })
  },

  async topicsLiveAndDie() {
    await withAdmin(async admin => {
      const created = { topic, numPartitions: 2, replicationFactor: 1, configEntries: [{ name: 'retention.ms', value: '60000' }] }
      assert.equal(await admin.createTopics({ validateOnly: true, waitForLeaders: false, topics: [created] }), true)
      assert.ok(!(await admin.listTopics()).includes(topic))
      assert.equal(await admin.createTopics({ topics: [created] }), true)
      assert.equal(await admin.createTopics({ topics: [created] }), false, 'exists')
      assert.ok((await admin.listTopics()).includes(topic))

      await admin.createPartitions({ topicPartitions: [{ topic, count: 4 }] })
      const metadata = await admin.fetchTopicMetadata({ topics: [topic] })
      assert.equal(metadata.topics.length, 1)
      const partitions = metadata.topics[0].partitions.sort((a, b) => a.partitionId - b.partitionId)
      assert.deepEqual(partitions.map(each => each.partitionId), [0, 1, 2, 3])
      for (const partition of partitions) {
        assert.equal(partition.partitionErrorCode, 0)
        assert.equal(partition.leader, 1)
        assert.deepEqual(partition.replicas, [1])
        assert.deepEqual(partition.isr, [1])
      }
      await assert.rejects(admin.createPartitions({ topicPartitions: [{ topic, count: 3 }] }), { type: 'INVALID_PARTITIONS' })

      await admin.deleteTopics({ topics: [topic] })
      assert.ok(!(await admin.listTopics()).includes(topic))
    })
    const once = { retry: { retries: 0 } } // kafkajs would try to outlast this error
    await withAdmin(
      admin => assert.rejects(admin.deleteTopics({ topics: [topic] }), error => error.cause.type === 'UNKNOWN_TOPIC_OR_PARTITION'),
      once
    )
  },

  async offsets() {
    await create(topic, 2)
    await withProducer({}, producer =>
      producer.send({
        topic,
        messages: [0, 1, 2, 3, 4, 5].map(number => ({ partition: 1, value: `${number}`, timestamp: `${1700000000000 + 1000 * number}` })),
      })
    )
    await withAdmin(async admin => {
      const found = partitions => partitions.sort((a, b) => a.partition - b.partition)
      assert.deepEqual(found(await admin.fetchTopicOffsets(topic)), [
        { partition: 0, offset: '0', high: '0', low: '0' },
        { partition: 1, offset: '6', high: '6', low: '0' },
      ])
      assert.deepEqual(found(await admin.fetchTopicOffsetsByTimestamp(topic, 1700000002500)), [
        { partition: 0, offset: '0' },
        { partition: 1, offset: '3' },
      ])
      assert.deepEqual(found(await admin.fetchTopicOffsetsByTimestamp(topic, 1800000000000)), [
        { partition: 0, offset: '0' },
        { partition: 1, offset: '6' },
      ])

      await admin.deleteTopicRecords({ topic, partitions: [{ partition: 1, offset: '4' }] })
      assert.deepEqual(found(await admin.fetchTopicOffsets(topic))[1], { partition: 1, offset: '6', high: '6', low: '4' })
      await admin.deleteTopicRecords({ topic, partitions: [{ partition: 1, offset: '-1' }] })
      assert.deepEqual(found(await admin.fetchTopicOffsets(topic))[1], { partition: 1, offset: '6', high: '6', low: '6' })
    })
  },

  async clusterIsDescribed() {
    await withAdmin(async admin => {
      const cluster = await admin.describeCluster()
      const [host, port] = bootstrap.split(':')
      assert.deepEqual(cluster.brokers, [{ nodeId: 1, host, port: Number(port) }])
      assert.equal(cluster.controller, 1)
      assert.equal(cluster.clusterId.length, 22)
    })
  },

  async configsAreDescribedAndChanged() {
    await create(topic)
    await withAdmin(async admin => {
      const resource = { type: ConfigResourceTypes.TOPIC, name: topic }
      const value = async name => {
        const described = await admin.describeConfigs({ resources: [{ ...resource, configNames: [name] }], includeSynonyms: true })
        assert.equal(described.resources[0].errorCode, 0)
        assert.equal(described.resources[0].configEntries.length, 1)
        return described.resources[0].configEntries[0]
      }
      assert.equal((await value('retention.ms')).configValue, '604800000')

      const first = { ...resource, configEntries: [{ name: 'retention.ms', value: '1000' }, { name: 'segment.ms', value: '2000' }] }
      await admin.alterConfigs({ validateOnly: false, resources: [first] })
      assert.equal((await value('retention.ms')).configValue, '1000')
      assert.equal((await value('retention.ms')).isDefault, false)

      // What is not named is the default again: this request sets all there is to set.
      const second = { ...resource, configEntries: [{ name: 'segment.ms', value: '3000' }] }
      await admin.alterConfigs({ validateOnly: false, resources: [second] })
      assert.equal((await value('retention.ms')).configValue, '604800000')
      assert.equal((await value('segment.ms')).configValue, '3000')

      const third = { ...resource, configEntries: [{ name: 'segment.ms', value: '4000' }] }
      await admin.alterConfigs({ validateOnly: true, resources: [third] })
      assert.equal((await value('segment.ms')).configValue, '3000')

      const wrong = { ...resource, configEntries: [{ name: 'segment.ms', value: 'soon' }] }
      await assert.rejects(admin.alterConfigs({ validateOnly: false, resources: [wrong] }), { type: 'INVALID_CONFIG' })

      const all = await admin.describeConfigs({ resources: [resource], includeSynonyms: false })
      assert.ok(all.resources[0].configEntries.length > 20)
      const broker = { type: ConfigResourceTypes.BROKER, name: '1' }
      assert.ok((await admin.describeConfigs({ resources: [broker], includeSynonyms: false })).resources[0].configEntries.length > 100)
    })
  },
}

steps[step]().catch(error => {
  console.error(error)
  process.exitCode = 1
})
